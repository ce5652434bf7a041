import { resolve } from "node:path";
import type { Cassette } from "../provider/provider.ts";
import { parseModel } from "../schema/prompt.ts";
import { isTerminal } from "./ask.ts";
import { createClient } from "./client.ts";
import { type Credentials, credentialsOf, type Host } from "./env.ts";
import { exitCodes, Failure, fromMessageError, toFailure } from "./failure.ts";
import type { RunFlags } from "./flags.ts";
import { mayHaveMessage, readMessage } from "./message.ts";
import { requireModel } from "./model.ts";
import { jsonPrinter, textPrinter } from "./printer.ts";
import { runTurn, type TurnResult } from "./prompt.ts";
import { cassetteOf, checkCassetteFlags, judgeReplay } from "./replay.ts";
import { chooseSession } from "./session.ts";
import { watchSignals } from "./signals.ts";
import { createStop } from "./stop.ts";

/**
 * Sends one prompt and prints its answer while it comes; resolves with 0 when the turn ended well. Throws Failure with the exit
 * code otherwise. Without `--attach` the server is part of this process: the client code is the same.
 */
export async function run(flags: RunFlags, host: Host): Promise<number> {
  checkFlags(flags, host);
  using signals = watchSignals();
  using stop = createStop({ signals, timeout: flags.timeout, stdout: host.stdout });
  await using server = await target(flags, host);
  await using client = createClient(server);
  await stop.guard(reach(server.url, () => client.api.global.health.query()));
  await stop.guard(requireModel(client.api, flags, isTerminal(host)));
  const text = await stop.guard(readMessage(flags.message, host));
  const session = await stop.guard(chooseSession(client.api, flags));
  const result = await runTurn({
    client,
    session,
    stop,
    host,
    policy: flags["on-ask"] ?? (isTerminal(host) ? "wait" : "deny"),
    printer: flags.format === "json" ? jsonPrinter(host) : textPrinter({ ...host, shared: host.stdout.isTTY === true }),
    prompt: { model: flags.model, agent: flags.agent, parts: [{ type: "text", text }] },
  });
  judgeReplay(server.cassette, host);
  return exitOf(result);
}

function checkFlags({ model, message, session, ...flags }: RunFlags, { stdin }: Host): void {
  if (model !== undefined && !parseModel(model)) throw new Failure("usage", `--model is written provider/model, not "${model}".`);
  if (session !== undefined && flags.continue) throw new Failure("usage", "--session and --continue exclude each other.");
  if (flags.attach !== undefined && flags.db !== undefined)
    throw new Failure("usage", "--db belongs to the server; it has no place beside --attach.");
  checkCassetteFlags(flags);
  if (!mayHaveMessage(message, stdin)) throw new Failure("usage", 'Say what to do: codeport run "list the files", or pipe it in.');
}

interface Target extends AsyncDisposable {
  url: string;
  credentials?: Credentials;
  directory?: string;
  cassette?: Cassette;
}

async function target(flags: RunFlags, host: Host): Promise<Target> {
  if (flags.attach !== undefined)
    return { ...attachTo(flags.attach, host), directory: flags.dir, [Symbol.asyncDispose]: async () => undefined };
  const directory = resolve(host.directory, flags.dir ?? ".");
  const { startOwnServer } = await import("./start.ts");
  const server = await startOwnServer(
    { directory, roots: [], database: flags.db ?? host.database, cassette: cassetteOf(flags, host), log: flags },
    host,
  );
  return { ...server, directory };
}

/** The URL's own user and password win over the environment's. */
export function attachTo(address: string, { variables }: Pick<Host, "variables">): Pick<Target, "url" | "credentials"> {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (url === undefined || (url.protocol !== "http:" && url.protocol !== "https:")) {
    throw new Failure("usage", `--attach needs the address of a server, like http://127.0.0.1:4096, not "${address}".`);
  }
  const [username, password] = [decodeURIComponent(url.username), decodeURIComponent(url.password)];
  const credentials = password === "" ? credentialsOf(variables) : { username: username || "opencode", password };
  return { url: `${url.origin}${url.pathname.replace(/\/+$/, "")}`, credentials };
}

/** The first call, where a wrong address and a missing password show. */
async function reach<Value>(url: string, call: () => Promise<Value>): Promise<Value> {
  try {
    return await call();
  } catch (error) {
    const { kind, message } = toFailure(error);
    if (kind === "auth") {
      throw new Failure(kind, `${url} asks for a password: set OPENCODE_SERVER_PASSWORD (and OPENCODE_SERVER_USERNAME).`, { cause: error });
    }
    if (kind === "permission") throw new Failure(kind, message, { cause: error });
    throw new Failure("connect", `No server answers at ${url}: start one with codeport serve, or check the address. (${message})`, {
      cause: error,
    });
  }
}

function exitOf({ error, rejected, answered }: TurnResult): number {
  if (rejected && (error === undefined || error.name === "MessageAbortedError")) {
    throw new Failure(
      "permission",
      "A permission was refused, so the turn stopped: allow it with --on-ask allow, or in the permission section of opencode.json.",
    );
  }
  if (error) throw fromMessageError(error);
  if (!answered) throw new Failure("task", "The turn ended without an answer.");
  return exitCodes.ok;
}
