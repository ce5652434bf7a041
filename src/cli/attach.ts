import { resolve } from "node:path";
import { type Client, createClient } from "../client/client.ts";
import { parseModel } from "../schema/prompt.ts";
import { attachTo, discoveredAt, reach } from "./connect.ts";
import type { Host } from "./env.ts";
import { exitCodes, Failure } from "./failure.ts";
import { type Signals, watchSignals } from "./signals.ts";
import type { AttachFlags, TerminalFlags } from "./terminal-flags.ts";

const usualAddress = "http://127.0.0.1:4096";

/** Drives a running server from this terminal until the person leaves; resolves with 0, with 130 after SIGINT. Throws Failure with the exit code. */
export async function attach(flags: AttachFlags, host: Host): Promise<number> {
  checkFlags(flags);
  if (flags.list) return (await import("./discover.ts")).listServers(flags, host);
  requireTerminal("codeport attach", host);
  using signals = watchSignals();
  const { url, credentials } = attachTo(await discoveredAt(flags.url ?? usualAddress, host), host, "attach");
  const access = flags.token === undefined ? credentials : { token: flags.token };
  await using client = createClient({ url, ...access, directory: flags.dir });
  return await drive(client, { flags, host, signals, url, again: `codeport attach ${url}` });
}

/** `codeport` alone: the server is part of this process. Throws Failure with the exit code. */
export async function attachToOwn(flags: TerminalFlags, host: Host): Promise<number> {
  checkFlags(flags);
  requireTerminal("codeport without a command", host);
  using signals = watchSignals();
  const directory = resolve(host.directory, flags.dir ?? ".");
  const { startOwnServer } = await import("./start.ts");
  const place = flags.port === undefined && flags.hostname === undefined ? undefined : flags;
  const options = { directory, roots: [], database: flags.db ?? host.database, recover: true, place };
  await using server = await startOwnServer(options, host);
  await using client = createClient({ url: server.url, ...server.credentials, directory });
  return await drive(client, { flags, host, signals, url: server.url, again: "codeport" });
}

interface Drive {
  flags: Pick<AttachFlags, "session" | "continue" | "model" | "agent">;
  host: Host;
  signals: Signals;
  url: string;
  /** What goes on with a session. */
  again: string;
}

async function drive(client: Client, { flags, host, signals, url, again }: Drive): Promise<number> {
  await reach(client.api, url);
  const { openTerminal } = await import("../terminal/terminal.ts");
  const { sessionID } = await openTerminal({
    client,
    url,
    sessionID: await sessionOf(client, flags),
    choice: { model: flags.model === undefined ? undefined : parseModel(flags.model), agent: flags.agent },
    stdin: host.stdin,
    stdout: host.stdout,
    colour: !host.variables.NO_COLOR && host.variables.TERM !== "dumb",
    signal: signals.signal,
  });
  if (sessionID !== undefined) host.stderr.write(`Go on with: ${again} --session ${sessionID}\n`);
  return signals.signal.reason === "SIGINT" ? exitCodes.interrupt : exitCodes.ok;
}

/** Throws the server's NotFoundError for an unknown id; undefined: the first prompt begins one. */
async function sessionOf({ api }: Client, flags: Drive["flags"]): Promise<string | undefined> {
  if (flags.session !== undefined) return (await api.session.get.query({ sessionID: flags.session })).id;
  if (!flags.continue) return undefined;
  const [newest] = await api.session.list.query({ roots: true, limit: 1 });
  return newest?.id;
}

function checkFlags({ model, session, ...flags }: Drive["flags"]): void {
  if (model !== undefined && !parseModel(model)) throw new Failure("usage", `--model is written provider/model, not "${model}".`);
  if (session !== undefined && flags.continue) throw new Failure("usage", "--session and --continue exclude each other.");
}

function requireTerminal(what: string, { stdin, stdout }: Host): void {
  if (stdin.isTTY === true && stdout.isTTY === true) return;
  throw new Failure(
    "usage",
    `${what} needs a terminal: codeport run "…" sends one prompt without one, codeport --help lists the commands.`,
  );
}
