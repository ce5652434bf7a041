import { createInterface } from "node:readline/promises";
import type { AnyEvent } from "../schema/event.ts";
import type { PermissionRequest } from "../schema/permission.ts";
import type { Host } from "./env.ts";
import { oneLine } from "./failure.ts";

/** `deny` and `allow` answer at once; `wait` asks in a terminal, and without one leaves the answer to other clients and the server's time-out. */
export type AskPolicy = "deny" | "allow" | "wait";
type Reply = "once" | "always" | "reject";

export interface AskerOptions {
  policy: AskPolicy;
  host: Pick<Host, "stdin" | "stderr">;
  /** Whether a session's questions are this command's to answer. */
  owns(sessionID: string): boolean;
  reply(requestID: string, reply: Reply): Promise<void>;
  /** Hears of an answer that could not be given. */
  failed(error: unknown): void;
}

/** Answers the permission questions among the events it is given. */
export interface Asker {
  accept(event: AnyEvent): void;
}

export function createAsker({ policy, host, owns, reply, failed }: AskerOptions): Asker {
  const open = new Map<string, AbortController>();
  // One question at a time: a terminal has one reader.
  let turn = Promise.resolve();

  async function answer(request: PermissionRequest, signal: AbortSignal): Promise<void> {
    const line = `permission: ${request.permission} ${oneLine(request.patterns.join(", "))}`;
    if (policy !== "wait") return reply(request.id, policy === "allow" ? "once" : "reject");
    if (!isTerminal(host)) {
      host.stderr.write(`${line} waits for an answer by another client (--on-ask allow or deny answers here).\n`);
      return;
    }
    const answered = await question(`${line} [y: once, a: always, n: no] `, host, signal);
    if (answered !== undefined) await reply(request.id, answered);
  }

  function ask(request: PermissionRequest): void {
    if (open.has(request.id) || !owns(request.sessionID)) return;
    const controller = new AbortController();
    open.set(request.id, controller);
    turn = turn.then(() => (controller.signal.aborted ? undefined : answer(request, controller.signal))).catch(failed);
  }

  return {
    accept(event) {
      if (event.type === "permission.asked") ask(event.properties);
      if (event.type === "permission.replied") open.get(event.properties.requestID)?.abort();
    },
  };
}

export function isTerminal({ stdin, stderr }: Pick<Host, "stdin" | "stderr">): boolean {
  return stdin.isTTY === true && stderr.isTTY === true;
}

/** Undefined when somebody else answered meanwhile. Anything but a clear yes is no. */
async function question(text: string, host: Pick<Host, "stdin" | "stderr">, signal: AbortSignal): Promise<Reply | undefined> {
  // Not as a terminal of its own: Ctrl-C stays a signal.
  const reader = createInterface({ input: host.stdin, output: host.stderr, terminal: false });
  try {
    const answer = (await reader.question(text, { signal })).trim().toLowerCase();
    if (answer === "y" || answer === "yes" || answer === "once") return "once";
    return answer === "a" || answer === "always" ? "always" : "reject";
  } catch (error) {
    if (signal.aborted) return undefined;
    throw error;
  } finally {
    reader.close();
  }
}
