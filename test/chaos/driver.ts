import { setTimeout as delay } from "node:timers/promises";
import type { AnyEvent } from "../../src/schema/event.ts";
import { createId } from "../../src/schema/id.ts";
import type { MessageWithParts } from "../../src/schema/prompt.ts";
import type { Session } from "../../src/schema/session.ts";
import { type Brief, createBrief } from "./brief.ts";
import { acts } from "./model.ts";
import type { Random } from "./random.ts";

/** A prompt that was sent. `accepted`: the server said so. Otherwise the server died over it, and it is sent again. */
export interface Sent {
  sessionID: string;
  /** Makes it safe to send again; those without one have a key. */
  messageID?: string;
  /** Its `Idempotency-Key`. */
  key?: string;
  text: string;
  /** Waits for the answer. */
  waits: boolean;
  accepted: boolean;
  /** What the key was answered: status and body. Whoever sends it again must get the same. */
  answer?: string;
}

/** People who use the server, whatever happens to it. */
export interface Driver {
  sent: Sent[];
  faults: string[];
  brief: Brief;
  /** Uses the server until the signal aborts; resolves when nothing is under way any more. */
  use(url: string, signal: AbortSignal): Promise<void>;
  /** Deletes the brief sessions that are left, sends again what nobody has accepted yet, and some of what was: under its key it has no further effect, and the same answer. */
  settle(url: string): Promise<void>;
  /** Answers what it asks. */
  hear(url: string, event: AnyEvent): void;
}

interface Prompt extends Sent {
  queue: "join" | "queue" | "interrupt" | undefined;
}

const sessionCount = 5;
const people = 4;

export function createDriver(random: Random, options: { answersAll?: boolean } = {}): Driver {
  const sessions: string[] = [];
  const sent: Prompt[] = [];
  const faults: string[] = [];
  let count = 0;

  /** What the server answered; undefined when it died over it. An answer that only a broken server gives is a fault. */
  async function call<Body>(url: string, path: string, body?: unknown, keyed?: Sent): Promise<Body | undefined> {
    const headers = { "content-type": "application/json", ...(keyed?.key && { "idempotency-key": keyed.key }) };
    const init = body === undefined ? {} : { method: "POST", headers, body: JSON.stringify(body) };
    const response = await fetch(`${url}${path}`, init).catch(() => undefined);
    const text = await response?.text().catch(() => undefined);
    if (response === undefined || text === undefined) return undefined;
    // Somebody else was quicker: an answer that was given, or that died with who asked.
    const expected = response.ok || response.status === 409 || (response.status === 404 && /permission|question/.test(path));
    if (!expected) faults.push(`${init.method ?? "GET"} ${path} answered ${response.status}: ${text.slice(0, 300)}`);
    if (keyed?.key) hold(keyed, `${response.status} ${text.trim()}`);
    return (response.status === 204 || !response.ok ? { status: response.status } : JSON.parse(text)) as Body;
  }

  /** While the first call of a key is under way, the answer to the others is just that. */
  function hold(sent: Sent, answer: string): void {
    if (answer.startsWith("409")) return;
    sent.answer ??= answer;
    if (sent.answer !== answer) faults.push(`${sent.text} was answered ${sent.answer.slice(0, 200)}, and again ${answer.slice(0, 200)}`);
  }

  const brief = createBrief({ random, call, faults });

  async function open(url: string): Promise<string | undefined> {
    if (sessions.length >= sessionCount) return random.pick(sessions);
    const session = await call<Session>(url, "/session", { title: `Chaos ${sessions.length}` });
    if (session?.id !== undefined) sessions.push(session.id);
    return session?.id;
  }

  function prompt(sessionID: string, waits: boolean): Prompt {
    count += 1;
    const isKeyed = random.below(2) === 0;
    const name = isKeyed ? { key: `chaos-${count}` } : { messageID: createId("message") };
    const queue = random.pick(["join", "queue", "interrupt", undefined] as const);
    const made: Prompt = { sessionID, ...name, text: `prompt ${count} act:${random.pick(acts)}`, waits, queue, accepted: false };
    sent.push(made);
    return made;
  }

  async function send(url: string, one: Prompt): Promise<void> {
    const body = { messageID: one.messageID, parts: [{ type: "text", text: one.text }], queue: one.queue };
    const path = `/session/${one.sessionID}/${one.waits ? "message" : "prompt_async"}`;
    const answer = await call<Partial<MessageWithParts> & { status?: number }>(url, path, body, one);
    const isUnderWay = answer?.status === 409 && one.key !== undefined;
    if (answer === undefined || isUnderWay) return;
    one.accepted = true;
    if (one.waits && answer.info === undefined) faults.push(`${path} answered ${answer.status} to ${one.text}`);
  }

  async function person(url: string, signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const sessionID = await open(url);
      if (sessionID === undefined) return;
      const what = random.below(20);
      if (what === 0) await call(url, `/session/${sessionID}/abort`, {});
      else if (what === 1) await call(url, `/session/${sessionID}/shell`, { agent: "build", command: "sleep 0.02" });
      else if (what === 2) await brief.live(url, sessionID);
      else await send(url, prompt(sessionID, what < 7));
      await delay(random.below(80), undefined, { signal }).catch(() => undefined);
    }
  }

  return {
    sent,
    faults,
    brief,
    async use(url, signal) {
      await Promise.all(Array.from({ length: people }, () => person(url, signal)));
    },
    async settle(url) {
      await brief.bury(url);
      const answered = sent.filter(({ accepted, answer }) => accepted && answer !== undefined);
      const again = Array.from({ length: Math.min(3, answered.length) }, () => random.pick(answered));
      await Promise.all([...sent.filter(({ accepted }) => !accepted), ...again].map((one) => send(url, one)));
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
