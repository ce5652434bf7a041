import { setTimeout as delay } from "node:timers/promises";
import type { AnyEvent } from "../../src/schema/event.ts";
import { createId } from "../../src/schema/id.ts";
import type { MessageWithParts } from "../../src/schema/prompt.ts";
import type { Session } from "../../src/schema/session.ts";
import { acts } from "./model.ts";
import type { Random } from "./random.ts";

/** A prompt that was sent. `accepted`: the server said so. Otherwise the server died over it, and it is sent again. */
export interface Sent {
  sessionID: string;
  messageID: string;
  text: string;
  accepted: boolean;
}

/** People who use the server, whatever happens to it. */
export interface Driver {
  sent: Sent[];
  faults: string[];
  /** Uses the server until the signal aborts; resolves when nothing is under way any more. */
  use(url: string, signal: AbortSignal): Promise<void>;
  /** Sends again what nobody has accepted yet. */
  settle(url: string): Promise<void>;
  /** Answers what it asks. */
  hear(url: string, event: AnyEvent): void;
}

const sessionCount = 5;
const people = 4;

export function createDriver(random: Random, options: { answersAll?: boolean } = {}): Driver {
  const sessions: string[] = [];
  const sent: Sent[] = [];
  const faults: string[] = [];
  let count = 0;

  /** What the server answered; undefined when it died over it. An answer that only a broken server gives is a fault. */
  async function call<Body>(url: string, path: string, body?: unknown): Promise<Body | undefined> {
    const init = body === undefined ? {} : { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) };
    const response = await fetch(`${url}${path}`, init).catch(() => undefined);
    const text = await response?.text().catch(() => undefined);
    if (response === undefined || text === undefined) return undefined;
    // Somebody else was quicker: an answer that was given, or that died with who asked.
    const expected = response.ok || response.status === 409 || (response.status === 404 && /permission|question/.test(path));
    if (!expected) faults.push(`${init.method ?? "GET"} ${path} answered ${response.status}: ${text.slice(0, 300)}`);
    return (response.status === 204 || !response.ok ? { status: response.status } : JSON.parse(text)) as Body;
  }

  async function open(url: string): Promise<string | undefined> {
    if (sessions.length >= sessionCount) return random.pick(sessions);
    const session = await call<Session>(url, "/session", { title: `Chaos ${sessions.length}` });
    if (session?.id !== undefined) sessions.push(session.id);
    return session?.id;
  }

  function prompt(sessionID: string): Sent {
    count += 1;
    const made = { sessionID, messageID: createId("message"), text: `prompt ${count} act:${random.pick(acts)}`, accepted: false };
    sent.push(made);
    return made;
  }

  /** Half of them wait for the answer, the others do not. */
  async function send(url: string, one: Sent, waits: boolean): Promise<void> {
    const queue = random.pick(["join", "queue", "interrupt", undefined] as const);
    const body = { messageID: one.messageID, parts: [{ type: "text", text: one.text }], queue };
    const path = `/session/${one.sessionID}/${waits ? "message" : "prompt_async"}`;
    const answer = await call<Partial<MessageWithParts> & { status?: number }>(url, path, body);
    if (answer === undefined) return;
    one.accepted = true;
    if (waits && answer.info === undefined) faults.push(`${path} answered ${answer.status} to ${one.text}`);
  }

  async function person(url: string, signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const sessionID = await open(url);
      if (sessionID === undefined) return;
      const what = random.below(20);
      if (what === 0) await call(url, `/session/${sessionID}/abort`, {});
      else if (what === 1) await call(url, `/session/${sessionID}/shell`, { agent: "build", command: "sleep 0.02" });
      else await send(url, prompt(sessionID), what < 6);
      await delay(random.below(80), undefined, { signal }).catch(() => undefined);
    }
  }

  return {
    sent,
    faults,
    async use(url, signal) {
      await Promise.all(Array.from({ length: people }, () => person(url, signal)));
    },
    async settle(url) {
      for (const one of sent.filter(({ accepted }) => !accepted)) await send(url, one, false);
    },
    hear(url, event) {
      // Some answers come too late: what asked is dead by then.
      if (!options.answersAll && random.below(4) === 0) return;
      const answer = answerTo(event, random);
      if (answer) void call(url, answer.path, answer.body);
    },
  };
}

function answerTo(event: AnyEvent, random: Random): { path: string; body: unknown } | undefined {
  if (event.type === "permission.asked")
    return { path: `/permission/${event.properties.id}/reply`, body: { reply: random.pick(["once", "once", "reject"]) } };
  if (event.type === "question.asked") {
    const { id, questions } = event.properties;
    return { path: `/question/${id}/reply`, body: { answers: questions.map(({ options }) => [random.pick(options)?.label ?? "yes"]) } };
  }
  return undefined;
}
