import { setTimeout as delay } from "node:timers/promises";
import type { App } from "../app.ts";
import { homeOf, loadUserConfig } from "../config/config.ts";
import type { Config, ServerConfig } from "../schema/config.ts";
import { type Listening, type ListenOptions, listen } from "../server/listen.ts";
import { addressLines, qrCode } from "./addresses.ts";
import { announcement } from "./announce.ts";
import type { Host } from "./env.ts";
import { exitCodes, oneLine } from "./failure.ts";
import type { ServeFlags } from "./flags.ts";
import { type Signals, watchSignals } from "./signals.ts";
import { spawnedBy } from "./spawned.ts";
import { routerFor, startApp } from "./start.ts";
import { certificateOf } from "./tls.ts";

/**
 * Serves until a signal: the first ends it in order (nothing new is accepted, running turns are interrupted and those who wait for them answered), a second at once. Resolves with
 * 130 after SIGINT, else 0. Throws ConfigInvalidError (exit code 3) for a bind beyond this machine without a password, ServiceUnavailableError
 * (exit code 4) for an address that cannot be had.
 */
export async function serve(flags: ServeFlags, host: Host, started: Started = () => []): Promise<number> {
  using signals = watchSignals({ parent: host.variables[spawnedBy] !== undefined });
  const tls = await certificateOf(flags, host);
  const place = { directory: host.directory, roots: flags.root ?? [], database: flags.db ?? host.database, log: flags };
  await using app = await startApp(place, host);
  const { server: config = {}, logLevel } = await serverConfig(app, host);
  if (flags["log-level"] === undefined && logLevel) app.serverLog.level(levels[logLevel]);
  app.traces.open(config.traces);
  const limits = { ...config.limits, ...(flags["max-turns"] !== undefined && { turns: flags["max-turns"] }) };
  await using listening = await listen(app, {
    router: routerFor(host),
    ...listenOptions(flags, config),
    ...protection(flags, host),
    limits,
    tls,
  });
  // Only now: a server that finds its port taken must not have begun to run what another one left.
  await app.sessions.recover({ resume: flags.resume ?? config.resume, limits });
  app.upkeep.start({ retention: config.retention });
  host.stdout.write(`opencode server listening on ${listening.url}\n`);
  await firstCalls(signals);
  app.serverLog.event("info", "listening", { version: app.version, url: listening.url, pid: host.pid });
  const lines = [...addressLines(listening.url), ...(await announcement(app)), ...(await started(listening.url))];
  for (const line of lines) host.stderr.write(`${line}\n`);
  if (flags.qr) host.stderr.write(`${await qrCode(listening.url)}\n`);
  const announced = (flags.mdns ?? config.mdns) ? await announceServer(listening, { flags, config, host }) : undefined;
  const stopped = await signals.stopped;
  // The goodbye must leave while the server still answers.
  await announced?.[Symbol.asyncDispose]();
  // Running turns end with the server, and whoever waits for one is still told how it ended.
  await Promise.all([listening.close(), app.end()]);
  return stopped === "SIGINT" ? exitCodes.interrupt : exitCodes.ok;
}

/** Hears the address of a server that has started; what it gives is said on stderr. */
export type Started = (url: string) => string[] | Promise<string[]>;

/** The network not taking it is no reason not to serve. */
async function announceServer({ port }: Listening, { flags, config, host }: { flags: ServeFlags; config: ServerConfig; host: Host }) {
  const domain = mdnsDomain(flags, config);
  const onFault = (error: Error) => void host.stderr.write(`warning: mDNS does not work here: ${oneLine(error.message)}\n`);
  const { announce } = await import("../server/mdns.ts");
  const announced = await announce({ port, domain, basePath: flags["base-path"], secure: flags["tls-cert"] !== undefined, onFault });
  host.stderr.write(`mdns: ${domain}, as opencode-${port}\n`);
  return announced;
}

const mdnsDomain = (flags: ServeFlags, config: ServerConfig): string => flags["mdns-domain"] ?? config.mdnsDomain ?? "opencode.local";

/** The configuration's words for the levels of the log. */
const levels = { DEBUG: "debug", INFO: "info", WARN: "warn", ERROR: "error" } as const;

/** What concerns the server itself. Only where a project has a say does the start wait for the directory's services. */
export async function serverConfig(app: App, { variables }: Host): Promise<Config> {
  const place = { directory: app.directory, home: homeOf(variables), env: variables };
  const { config } = (await loadUserConfig(place)) ?? (await app.instance(app.directory)).config;
  return config;
}

/** Who waits for the listening line calls at once: what is told after it (git is asked, model servers are looked for) lets that call go first. */
function firstCalls({ signal }: Signals): Promise<void> {
  return delay(100, undefined, { signal }).catch(() => undefined);
}

type Place = Pick<ListenOptions, "hostname" | "port" | "cors" | "allowedHosts" | "basePath">;

/** Flags win over the configuration's `server` section; origins of both count. Announcing by mDNS is pointless on loopback, so it widens the bind. */
export function listenOptions(flags: ServeFlags, config: ServerConfig): Place {
  const mdns = flags.mdns ?? config.mdns ?? false;
  const domain = mdnsDomain(flags, config);
  return {
    hostname: flags.hostname ?? config.hostname ?? (mdns ? "0.0.0.0" : "127.0.0.1"),
    port: flags.port ?? config.port ?? 4096,
    cors: [...(config.cors ?? []), ...(flags.cors ?? [])],
    allowedHosts: [...(flags["allowed-host"] ?? []), ...(mdns ? [domain] : [])],
    basePath: flags["base-path"],
  };
}

function protection(flags: ServeFlags, { credentials }: Host): Pick<ListenOptions, "password" | "username" | "unsafeNoPassword"> {
  return { ...credentials, unsafeNoPassword: flags["unsafe-no-password"] ?? false };
}
