import { parseModel } from "../schema/prompt.ts";
import { isTerminal } from "./ask.ts";
import { attachments } from "./attachments.ts";
import { createClient } from "./client.ts";
import { checkPlace, reach, target } from "./connect.ts";
import type { Host } from "./env.ts";
import { exitCodes, Failure, fromMessageError } from "./failure.ts";
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
  await using server = await target(flags, host, { cassette: cassetteOf(flags, host), recover: true });
  await using client = createClient(server);
  await stop.guard(reach(client.api, server.url));
  await stop.guard(requireModel(client.api, flags, isTerminal(host)));
  const text = await stop.guard(readMessage(flags.message, host));
  const own = flags.attach === undefined ? server.directory : undefined;
  const files = await attachments(flags.file ?? [], { directory: own, host });
  const session = await stop.guard(chooseSession(client.api, flags));
  const result = await runTurn({
    client,
    session,
    stop,
    host,
    policy: flags["on-ask"] ?? (isTerminal(host) ? "wait" : "deny"),
    printer: flags.format === "json" ? jsonPrinter(host) : textPrinter({ ...host, shared: host.stdout.isTTY === true }),
    prompt: { model: flags.model, agent: flags.agent, parts: [{ type: "text", text }, ...files] },
  });
  judgeReplay(server.cassette, host);
  return exitOf(result);
}

function checkFlags({ model, message, session, ...flags }: RunFlags, host: Host): void {
  if (model !== undefined && !parseModel(model)) throw new Failure("usage", `--model is written provider/model, not "${model}".`);
  if (session !== undefined && flags.continue) throw new Failure("usage", "--session and --continue exclude each other.");
  if (flags.fork && session === undefined && !flags.continue) {
    throw new Failure("usage", "--fork copies a session: name it with --session, or give --continue.");
  }
  // The server of this process is nobody else's: what waited there would wait for ever.
  if (flags["on-ask"] === "wait" && flags.attach === undefined && !isTerminal(host)) {
    throw new Failure(
      "usage",
      "--on-ask wait needs a terminal, or --attach to a server whose other clients can answer: say allow or deny.",
    );
  }
  checkPlace(flags);
  checkCassetteFlags(flags);
  if (!mayHaveMessage(message, host.stdin)) throw new Failure("usage", 'Say what to do: codeport run "list the files", or pipe it in.');
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
