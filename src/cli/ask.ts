import { createInterface } from "node:readline";
import type { AnyEvent } from "../schema/event.ts";
import type { PermissionReply, PermissionRequest } from "../schema/permission.ts";
import type { QuestionAnswer, QuestionInfo, QuestionRequest } from "../schema/question.ts";
import { nobody, questionText, readAnswer } from "./answer.ts";
import type { Host } from "./env.ts";
import { oneLine } from "./failure.ts";
import { harmless } from "./print.ts";

/** `deny` and `allow` answer at once; `wait` asks in a terminal, and without one leaves the answer to other clients and the server's time-out. */
export type AskPolicy = "deny" | "allow" | "wait";

export interface AskerOptions {
  policy: AskPolicy;
  host: Pick<Host, "stdin" | "stderr">;
  /** Whether a session's questions are this command's to answer. */
  owns(sessionID: string): boolean;
  reply(requestID: string, reply: PermissionReply): Promise<void>;
  /** Answers the agent's own questions, a list for each. */
  answer(requestID: string, answers: QuestionAnswer[]): Promise<void>;
  /** Hears of an answer that could not be given. */
  failed(error: unknown): void;
}

/** Answers the permission questions, and those of the agent itself, among the events it is given. */
export interface Asker {
  accept(event: AnyEvent): void;
}

export function createAsker({ policy, host, owns, reply, answer, failed }: AskerOptions): Asker {
  const open = new Map<string, AbortController>();
  // One question at a time: a terminal has one reader.
  let turn = Promise.resolve();

  async function permit(request: PermissionRequest, signal: AbortSignal): Promise<void> {
    if (policy !== "wait") return reply(request.id, policy === "allow" ? "once" : "reject");
    if (!isTerminal(host)) {
      host.stderr.write(
        `${harmless(`permission: ${request.permission} ${oneLine(request.patterns.join(", "))}`)} waits for an answer by another client (--on-ask allow or deny answers here).\n`,
      );
      return;
    }
    const typed = await readLine(`${permissionText(request)}[y: once, s: for this session, a: always, n: no] `, host, signal);
    if (typed !== undefined) await reply(request.id, replyOf(typed));
  }

  async function tell(request: QuestionRequest, signal: AbortSignal): Promise<void> {
    if (isTerminal(host)) {
      const answers = await readAnswers(request.questions, host, signal);
      return answers && answer(request.id, answers);
    }
    const lines = request.questions.map(({ question }) => `question: ${oneLine(question)}`);
    const end = policy === "wait" ? "waits for an answer by another client" : "nobody is here to answer; the agent is to decide";
    host.stderr.write(`${lines.join("\n")} (${end}).\n`);
    if (policy !== "wait")
      await answer(
        request.id,
        request.questions.map(() => [nobody]),
      );
  }

  function ask<Request extends { id: string; sessionID: string }>(
    request: Request,
    work: (request: Request, signal: AbortSignal) => Promise<void>,
  ): void {
    if (open.has(request.id) || !owns(request.sessionID)) return;
    const controller = new AbortController();
    open.set(request.id, controller);
    turn = turn.then(() => (controller.signal.aborted ? undefined : work(request, controller.signal))).catch(failed);
  }

  return {
    accept(event) {
      if (event.type === "permission.asked") ask(event.properties, permit);
      if (event.type === "question.asked") ask(event.properties, tell);
      const isAnswer = event.type === "permission.replied" || event.type === "question.replied" || event.type === "question.rejected";
      if (isAnswer) open.get(event.properties.requestID)?.abort();
    },
  };
}

/** Nothing is left out: who answers sees all of what is allowed, now and by an answer that lasts. */
function permissionText({ permission, patterns, always, metadata: { command } }: PermissionRequest): string {
  const subject = typeof command === "string" ? command : patterns.join(", ");
  const reach = always.length > 0 ? [`s and a also allow: ${oneLine(always.join(", "))}`] : [];
  const text = [subject.includes("\n") ? `\n${subject}` : subject, ...reach].join("\n");
  return harmless(`permission: ${permission} ${text}${text.includes("\n") ? "\n" : " "}`.replaceAll("\n", "\n  "));
}

export function isTerminal({ stdin, stderr }: Pick<Host, "stdin" | "stderr">): boolean {
  return stdin.isTTY === true && stderr.isTTY === true;
}

/** One after the other; undefined when somebody else answered meanwhile. */
async function readAnswers(
  questions: QuestionInfo[],
  host: Pick<Host, "stdin" | "stderr">,
  signal: AbortSignal,
): Promise<QuestionAnswer[] | undefined> {
  const found: QuestionAnswer[] = [];
  for (const question of questions) {
    const typed = await readLine(harmless(questionText(question)), host, signal);
    if (typed === undefined) return undefined;
    found.push(readAnswer(typed, question));
  }
  return found;
}

/** Anything but a clear yes is no. */
function replyOf(typed: string): PermissionReply {
  const answer = typed.trim().toLowerCase();
  if (["y", "yes", "once"].includes(answer)) return "once";
  if (["s", "session"].includes(answer)) return "session";
  return ["a", "always"].includes(answer) ? "always" : "reject";
}

/** An empty line where the input ends (Ctrl-D); undefined when somebody else answered meanwhile. */
export async function readLine(text: string, host: Pick<Host, "stdin" | "stderr">, signal?: AbortSignal): Promise<string | undefined> {
  if (host.stdin.readableEnded) return "";
  // Not as a terminal of its own: Ctrl-C stays a signal.
  const reader = createInterface({ input: host.stdin, terminal: false });
  host.stderr.write(text);
  try {
    // Not by `question`, which is never settled when the input ends.
    return await new Promise((resolve) => {
      reader.once("line", resolve);
      reader.once("close", () => resolve(""));
      signal?.addEventListener("abort", () => resolve(undefined), { once: true });
    });
  } finally {
    reader.close();
  }
}
