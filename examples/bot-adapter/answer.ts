import { setTimeout as sleep } from "node:timers/promises";
import type { Run } from "codeport/client";
import type { Platform } from "./bot-adapter.ts";

export interface Answer {
  /** Shows a run while it goes on, and its end; begins it again when the server was not there. */
  follow(begin: () => Promise<Run>): Promise<void>;
}

/** Pauses before another try, in ms; after the last one it is left for the next start. */
const pauses = [500, 2_000, 5_000, 15_000, 30_000];

/** One message that grows, and further ones for what does not fit. */
export function createAnswer(platform: Platform, conversation: string): Answer {
  let message: string | undefined;
  let shownAt = 0;

  async function show(text: string): Promise<void> {
    shownAt = Date.now();
    if (message === undefined) message = await platform.post(conversation, text);
    else await platform.edit(conversation, message, text);
  }

  async function stream(run: Run): Promise<void> {
    const texts = new Map<string, string>();
    for await (const update of run) {
      if (update.type === "delta") texts.has(update.partID) && texts.set(update.partID, texts.get(update.partID) + update.delta);
      else if (update.part.type === "text") texts.set(update.part.id, update.part.text);
      const text = [...texts.values()].filter((part) => part !== "").join("\n");
      if (text === "" || Date.now() - shownAt < platform.pace) continue;
      // The end counts; this is only a look at what is coming.
      await show(`${text.slice(0, platform.limit - 2)} …`).catch((error: unknown) => console.error("not shown:", error));
    }
  }

  async function finish(text: string): Promise<void> {
    const [first = "", ...rest] = pieces(text, platform.limit);
    await show(first);
    for (const piece of rest) await platform.post(conversation, piece);
  }

  return {
    async follow(begin) {
      for (const pause of [...pauses, undefined]) {
        try {
          const run = await begin();
          await stream(run);
          const { text, error } = await run.result;
          const failed = error && `(${error.name}${"message" in error.data ? `: ${error.data.message}` : ""})`;
          return await finish([text, failed].filter(Boolean).join("\n\n") || "(no answer)");
        } catch (error) {
          const refusal = refusalOf(error);
          if (refusal !== undefined) return await finish(`(${refusal})`);
          if (pause === undefined) throw error;
          await sleep(pause);
        }
      }
    },
  };
}

/** What the server says about a prompt that it does not take; undefined when it did not say anything. */
function refusalOf(error: unknown): string | undefined {
  const { data, message } = error as { data?: { httpStatus?: number }; message?: string };
  return data?.httpStatus !== undefined && data.httpStatus < 500 && data.httpStatus !== 429 ? message : undefined;
}

/** Cut at line ends where there are some. */
export function pieces(text: string, limit: number): string[] {
  const parts: string[] = [];
  let rest = text;
  while (rest.length > limit) {
    const line = rest.lastIndexOf("\n", limit);
    const at = line > limit / 2 ? line : limit;
    parts.push(rest.slice(0, at));
    rest = rest.slice(at).replace(/^\n/, "");
  }
  return [...parts, rest];
}
