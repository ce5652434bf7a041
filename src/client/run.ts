import { TRPCClientError } from "@trpc/client";
import type { inferRouterInputs } from "@trpc/server";
import type { AppRouter, AssistantMessage, Event, Message, Part, PermissionRequest, QuestionAnswer, QuestionRequest } from "./api.gen.ts";
import type { Client } from "./client.ts";

type PromptInput = inferRouterInputs<AppRouter>["session"]["prompt"];
/** `session` allows in the session that asks alone, which may be a sub-agent's; `always` in the whole project. */
export type PermissionReply = inferRouterInputs<AppRouter>["permission"]["reply"]["reply"];

export interface RunOptions extends Partial<Omit<PromptInput, "sessionID" | "noReply">> {
  /** The prompt; `parts` may say more (files, images). */
  text?: string;
  /** Goes on with a session; a new one unless told. With the `messageID` of a prompt that it has, the result is the first answer. */
  sessionID?: string;
  /** Of a new session. */
  title?: string;
  /** Answers what the agent and its sub-agents ask for, several at once too; without it a question waits for any other client. */
  onPermission?: (request: PermissionRequest) => PermissionReply | Promise<PermissionReply>;
  /** Answers what they want to know, for each of the questions a list of options or own words; without it they wait for any other client too. */
  onQuestion?: (request: QuestionRequest) => QuestionAnswer[] | Promise<QuestionAnswer[]>;
  /** Stops the turn; the result then carries the error. Before the prompt is sent, nothing is: the result rejects with the signal's reason. */
  signal?: AbortSignal;
}

/** A part as it stands, or text that was added to one. */
export type RunUpdate = { type: "part"; part: Part } | { type: "delta"; partID: string; delta: string };

export interface RunResult {
  sessionID: string;
  /** The last answer of the turn. */
  message: AssistantMessage;
  /** The text of all answers of the turn. */
  text: string;
  parts: Part[];
  /** Of all steps of the turn; sub-agents count in their own sessions. */
  tokens: { input: number; output: number; reasoning: number; cache: { read: number; write: number } };
  /** US dollars. */
  cost: number;
  /**
   * Whether a permission was refused on the way, by any client or because nobody answered in time: the turn may have ended there, and is no failure. What
   * was refused stands in the tool parts. Not told of what was refused before this run began; what a rule refuses is the tool's error.
   */
  refused: boolean;
  /** Why the turn failed, where it did. */
  error?: AssistantMessage["error"];
}

/** A prompt on its way. Iterate it for what is written; `result` settles whether it is iterated or not. */
export interface Run extends AsyncIterable<RunUpdate> {
  /** Rejects with TRPCClientError when the prompt was not accepted or the connection broke. */
  result: Promise<RunResult>;
}

/** Sends a prompt and follows its turn. */
export function runPrompt(client: Client, options: RunOptions): Run {
  const updates = createChannel<RunUpdate>();
  const result = follow(client, options, updates.push).finally(updates.close);
  // Whoever only iterates sees the end of the stream; whoever awaits sees the error.
  result.catch(() => {});
  return { result, [Symbol.asyncIterator]: updates.read };
}

async function follow(client: Client, options: RunOptions, push: (update: RunUpdate) => void): Promise<RunResult> {
  const { text, title, onPermission, onQuestion, signal, parts = [], sessionID: given, ...prompt } = options;
  // A call says at once when the server is away, where a subscription would wait for it.
  const { id: sessionID } = await (given === undefined
    ? client.api.session.create.mutate({ title })
    : client.api.session.get.query({ sessionID: given }));
  const ends = new AbortController();
  const events = client.events({ signal: ends.signal });
  const abort = () => void client.api.session.abort.mutate({ sessionID }).catch(() => {});
  // The call to abort may have overtaken the prompt: what begins all the same is stopped then.
  const turn = createTurn(sessionID, push, () => signal?.aborted && abort());
  try {
    // The first event says that whatever happens from now on is told.
    if ((await unlessAborted(events.next(), signal)).done) throw new Error("The client was closed before the prompt was sent.");
    const sentBefore = prompt.messageID !== undefined && (await isKnown(client, sessionID, prompt.messageID));
    const listening = listen(client, events, { turn, onPermission, onQuestion });
    signal?.throwIfAborted();
    signal?.addEventListener("abort", abort, { once: true });
    const sent = client.api.session.prompt.mutate({
      ...prompt,
      sessionID,
      parts: [...(text === undefined ? [] : [{ type: "text" as const, text }]), ...parts],
    });
    const answer = await Promise.race([sent, listening]).finally(() => signal?.removeEventListener("abort", abort));
    if (answer === undefined || answer.info.role !== "assistant") throw new Error("The events of the turn ended before its answer.");
    const message: AssistantMessage = answer.info;
    // What was answered before this began is told no more.
    if (!sentBefore) await Promise.race([turn.seen(message.id), listening]);
    return { sessionID, ...(await summary(client, sessionID, message)), refused: await wasRefused(client.api, turn) };
  } finally {
    ends.abort();
  }
}

function unlessAborted<Value>(promise: Promise<Value>, signal: AbortSignal | undefined): Promise<Value> {
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal?.reason);
    if (signal?.aborted) abort();
    signal?.addEventListener("abort", abort, { once: true });
    promise.finally(() => signal?.removeEventListener("abort", abort)).then(resolve, reject);
  });
}

interface Turn {
  accept(event: Event): void;
  /** Resolves when the message is known to be finished. */
  seen(messageID: string): Promise<void>;
  /** Sessions of the directory, the turn's or not, in which a permission was refused. */
  refusals: ReadonlySet<string>;
  sessionID: string;
}

function createTurn(sessionID: string, push: (update: RunUpdate) => void, onAnswer: () => void): Turn {
  const answers = new Set<string>();
  const finished = new Set<string>();
  const refusals = new Set<string>();
  let look = () => {};
  const onMessage = (info: Message) => {
    if (info.role !== "assistant" || info.sessionID !== sessionID) return;
    if (!answers.has(info.id)) onAnswer();
    answers.add(info.id);
    if (info.time.completed !== undefined || info.error) finished.add(info.id);
    look();
  };
  return {
    sessionID,
    refusals,
    accept(event) {
      if (event.type === "message.updated") onMessage(event.properties.info);
      if (event.type === "permission.replied" && event.properties.reply === "reject") refusals.add(event.properties.sessionID);
      if (event.type === "message.part.updated" && answers.has(event.properties.part.messageID))
        push({ type: "part", part: event.properties.part });
      if (event.type === "message.part.delta" && answers.has(event.properties.messageID))
        push({ type: "delta", partID: event.properties.partID, delta: event.properties.delta });
    },
    seen: (messageID) =>
      new Promise((resolve) => {
        look = () => finished.has(messageID) && resolve();
        look();
      }),
  };
}

const isKnown = ({ api }: Client, sessionID: string, messageID: string): Promise<boolean> =>
  unlessMissing(api.session.message.query({ sessionID, messageID }).then(() => true));

/** What is not there (any more) is false. */
async function unlessMissing(answer: Promise<boolean>): Promise<boolean> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof TRPCClientError && error.data?.httpStatus === 404) return false;
    throw error;
  }
}

async function listen(
  { api }: Client,
  events: AsyncIterable<{ event: Event }>,
  { turn, onPermission, onQuestion }: { turn: Turn } & Pick<RunOptions, "onPermission" | "onQuestion">,
): Promise<undefined> {
  const failed = Promise.withResolvers<never>();
  const permit = async (request: PermissionRequest) => {
    if (onPermission === undefined || !(await isBelow(api, request.sessionID, turn.sessionID))) return;
    const reply = await onPermission(request);
    await api.permission.reply.mutate({ requestID: request.id, reply }).catch(unlessSettled);
  };
  const tell = async (request: QuestionRequest) => {
    if (onQuestion === undefined || !(await isBelow(api, request.sessionID, turn.sessionID))) return;
    const answers = await onQuestion(request);
    await api.question.reply.mutate({ requestID: request.id, answers }).catch(unlessSettled);
  };
  const read = async (): Promise<undefined> => {
    for await (const { event } of events) {
      turn.accept(event);
      // A person may take long: the turn is followed meanwhile.
      if (event.type === "permission.asked") permit(event.properties).catch(failed.reject);
      if (event.type === "question.asked") tell(event.properties).catch(failed.reject);
    }
  };
  return Promise.race([read(), failed.promise]);
}

async function wasRefused(api: Client["api"], { refusals, sessionID }: Turn): Promise<boolean> {
  const below = await Promise.all([...refusals].map((id) => unlessMissing(isBelow(api, id, sessionID))));
  return below.includes(true);
}

/** Whether a session is the one, or a sub-agent's somewhere below it. */
async function isBelow(api: Client["api"], sessionID: string, top: string): Promise<boolean> {
  for (let id: string | undefined = sessionID; id !== undefined; id = (await api.session.get.query({ sessionID: id })).parentID) {
    if (id === top) return true;
  }
  return false;
}

/** Another client was faster, an "always" covered it, or the turn is over. */
function unlessSettled(error: unknown): void {
  const settled = ["PermissionNotFoundError", "QuestionNotFoundError"];
  if (!(error instanceof TRPCClientError) || !settled.includes(error.data?.name)) throw error;
}

/** What the answers to the prompt say, from the store: the same for whoever saw every event and who saw none. */
async function summary({ api }: Client, sessionID: string, message: AssistantMessage): Promise<Omit<RunResult, "sessionID" | "refused">> {
  const messages = await api.session.messages.query({ sessionID });
  const answers = messages.filter(({ info }) => info.role === "assistant" && info.parentID === message.parentID);
  const infos = answers.map(({ info }) => info as AssistantMessage);
  const parts = answers.flatMap((answer) => answer.parts);
  const sum = (of: (info: AssistantMessage) => number) => infos.reduce((total, info) => total + of(info), 0);
  return {
    message,
    parts,
    text: parts
      .map((part) => (part.type === "text" && !part.synthetic ? part.text : ""))
      .filter((text) => text !== "")
      .join("\n"),
    tokens: {
      input: sum(({ tokens }) => tokens.input),
      output: sum(({ tokens }) => tokens.output),
      reasoning: sum(({ tokens }) => tokens.reasoning),
      cache: { read: sum(({ tokens }) => tokens.cache.read), write: sum(({ tokens }) => tokens.cache.write) },
    },
    cost: sum(({ cost }) => cost),
    error: message.error,
  };
}

interface Channel<Item> {
  push(item: Item): void;
  close(): void;
  read(): AsyncGenerator<Item, void>;
}

/** Many writers, one reader. */
function createChannel<Item>(): Channel<Item> {
  const items: Item[] = [];
  let closed = false;
  let wake = () => {};
  return {
    push(item) {
      items.push(item);
      wake();
    },
    close() {
      closed = true;
      wake();
    },
    async *read() {
      for (;;) {
        while (items.length > 0) yield items.shift() as Item;
        if (closed) return;
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    },
  };
}
