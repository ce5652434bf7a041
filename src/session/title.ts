import { listMessages } from "../../db/queries/message.ts";
import { runTurn } from "../agent/loop.ts";
import { AppError } from "../schema/error.ts";
import type { UserMessage } from "../schema/message.ts";
import type { Session } from "../schema/session.ts";
import { budgetOf } from "./budget.ts";
import { changeSession } from "./change.ts";
import type { SessionOptions } from "./options.ts";
import { needsNoModel } from "./remember.ts";
import { patienceOf } from "./request.ts";

const longest = 60;

export function defaultTitle(kind: "New" | "Child", now: Date): string {
  return `${kind} session - ${now.toISOString()}`;
}

const isDefault = (title: string): boolean => /^(New|Child) session - \d{4}-\d\d-\d\dT/.test(title);

/** Names sessions after their first prompt, beside the turn: a short title from a cheap model, or the prompt's first words where that fails. */
export function createTitles(options: SessionOptions): { consider(session: Session, question: UserMessage): void } & AsyncDisposable {
  const running = new Set<Promise<void>>();
  const closing = new AbortController();

  async function title(session: Session, question: UserMessage): Promise<void> {
    const prompt = await promptText(options, question);
    if (prompt === "") return;
    const alone = await needsNoModel(options, question);
    const ask = { session, question, prompt, signal: closing.signal };
    const asked = await (alone ? Promise.resolve("") : askModel(options, ask)).catch((error) => {
      options.onError?.(error);
      return "";
    });
    await changeSession(options, session.id, (current) => {
      if (!isDefault(current.title) || closing.signal.aborted) return undefined;
      const info = { ...current, title: firstWords(asked) || firstWords(prompt) };
      return { events: [{ type: "session.updated", properties: { sessionID: info.id, info } }] };
    }).catch((error) => {
      // Deleted while the title was made.
      if (!(error instanceof AppError) || error.name !== "NotFoundError") throw error;
    });
  }

  return {
    consider(session, question) {
      if (!isDefault(session.title) || session.parentID !== undefined) return;
      const work = title(session, question)
        .catch((error) => options.onError?.(error))
        .finally(() => running.delete(work));
      running.add(work);
    },
    async [Symbol.asyncDispose]() {
      closing.abort();
      await Promise.all(running);
    },
  };
}

async function promptText({ database }: SessionOptions, question: UserMessage): Promise<string> {
  const messages = await listMessages(database.orm, question.sessionID);
  const parts = messages.find(({ info }) => info.id === question.id)?.parts ?? [];
  return parts
    .map((part) => (part.type === "text" && !part.synthetic ? part.text : ""))
    .join(" ")
    .trim();
}

async function askModel(
  options: SessionOptions,
  ask: { session: Session; question: UserMessage; prompt: string; signal: AbortSignal },
): Promise<string> {
  const { session, question, prompt, signal } = ask;
  const workspace = await options.workspace(session.directory);
  const agent = await workspace.agents.get("title");
  const small = agent.model ?? (await workspace.providers.smallModel(question.model.providerID)) ?? question.model;
  const model = await workspace.providers.model(small);
  const messages = [{ role: "user" as const, content: `Generate a title for this conversation:\n\n${prompt}` }];
  const budget = budgetOf(options, { model, session, aside: true });
  const request = {
    model: model.language,
    system: [agent.prompt ?? ""],
    messages,
    tools: [],
    settings: {},
    budget,
    price: () => 0,
    maxSteps: 1,
  };
  let text = "";
  for await (const event of runTurn({
    ...request,
    retry: { ...options.retry, attempts: 1 },
    patience: patienceOf(options, model),
    signal,
  })) {
    if (event.type === "text-end") text = event.text;
  }
  return text;
}

/** One line of at most 60 characters, cut at a word. */
function firstWords(text: string): string {
  const line =
    text
      .trim()
      .split("\n")[0]
      ?.replaceAll(/^["'#*\s]+|["'*\s]+$/g, "") ?? "";
  if (line.length <= longest) return line;
  const cut = line.slice(0, longest);
  return `${cut.slice(0, Math.max(cut.lastIndexOf(" "), longest / 2)).trimEnd()}…`;
}
