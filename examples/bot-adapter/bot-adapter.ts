import { createHash } from "node:crypto";
import type { Client, PermissionReply, PermissionRequest } from "codeport/client";
import { createAnswer } from "./answer.ts";
import { createAsks } from "./asks.ts";
import type { Journal } from "./journal.ts";

/** What somebody said to the bot. */
export interface Incoming {
  /** The same whenever the platform delivers it again. */
  id: string;
  /** What belongs to one session: a chat, a thread, an issue. */
  conversation: string;
  user: string;
  text: string;
}

/** A press on a button, or its word. */
export interface Decision {
  conversation: string;
  user: string;
  requestID: string;
  reply: PermissionReply;
}

/** A chat platform, as far as a bot needs it. */
export interface Platform {
  /** Begins the titles of its sessions. */
  name: string;
  /** Characters that fit one message. */
  limit: number;
  /** Milliseconds between two edits of a message, at least. */
  pace: number;
  /** How it shows code; as it stands unless told. */
  code?(text: string): string;
  /** Writes a message and returns its id. */
  post(conversation: string, text: string): Promise<string>;
  edit(conversation: string, message: string, text: string): Promise<void>;
  /** Writes a message with a button for each reply and returns its id; `edit` takes the buttons away. */
  ask(conversation: string, text: string, request: PermissionRequest): Promise<string>;
}

export interface BotOptions {
  client: Client;
  platform: Platform;
  journal: Journal;
  /** Who may talk to it. Others are not heard. */
  users: ReadonlySet<string>;
  /** Who may answer permissions. */
  approvers: ReadonlySet<string>;
}

export interface Bot {
  /** Resolves when the message is kept: it will be answered then, if need be after a restart. A message that is known does nothing. */
  receive(incoming: Incoming): Promise<void>;
  /** What to tell whoever decided. */
  decide(decision: Decision): Promise<string>;
  /** Answers what was left unanswered, and shows permissions as they are asked, until the signal. */
  run(signal: AbortSignal): Promise<void>;
}

/** Nothing is done unasked. */
const permission = ["edit", "bash", "webfetch", "external_directory"].map((name) => ({
  ...{ permission: name, pattern: "*" },
  action: "ask" as const,
}));

export function createBot({ client, platform, journal, users, approvers }: BotOptions): Bot {
  const prefix = `${platform.name} `;
  const asks = createAsks({ client, platform, approvers, prefix });
  const lines = new Map<string, Promise<void>>();

  /** One message of a conversation after the other; conversations do not wait for each other. */
  function enqueue(incoming: Incoming): void {
    const { conversation, id } = incoming;
    const line = (lines.get(conversation) ?? Promise.resolve())
      .then(() => respond(incoming))
      .catch((error: unknown) => console.error(`${id} is answered after the next start:`, error));
    lines.set(conversation, line);
  }

  async function respond({ id, conversation, text }: Incoming): Promise<void> {
    const answer = createAnswer(platform, conversation);
    // A prompt with a known id has one effect, so it may be sent again after a crash, and while the server restarts.
    const messageID = `msg_${createHash("sha256")
      .update(prefix + id)
      .digest("hex")
      .slice(0, 26)}`;
    await answer.follow(async () => client.run({ sessionID: await sessionOf(conversation), messageID, text, tools: { question: false } }));
    await journal.answered(id);
  }

  async function sessionOf(conversation: string): Promise<string> {
    const title = prefix + conversation;
    const found = (await client.api.session.list.query({ search: title })).find((session) => session.title === title);
    return (found ?? (await client.api.session.create.mutate({ title, permission }))).id;
  }

  return {
    decide: asks.decide,
    async receive(incoming) {
      if (!users.has(incoming.user)) return;
      if (/^\/?stop$/i.test(incoming.text)) {
        await client.api.session.abort.mutate({ sessionID: await sessionOf(incoming.conversation) });
      } else if (await journal.accept(incoming)) enqueue(incoming);
    },
    async run(signal) {
      for (const incoming of journal.unanswered()) enqueue(incoming);
      await asks.follow(signal);
    },
  };
}
