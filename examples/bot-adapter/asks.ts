import type { Client, PermissionRequest } from "codeport/client";
import type { Decision, Platform } from "./bot-adapter.ts";

export interface Asks {
  decide(decision: Decision): Promise<string>;
  follow(signal: AbortSignal): Promise<void>;
}

interface Asked {
  conversation: string;
  message: string;
  text: string;
  /** Who decided here. */
  by?: string;
}

interface AsksOptions {
  client: Client;
  platform: Platform;
  approvers: ReadonlySet<string>;
  /** Begins the title of a session, before its conversation. */
  prefix: string;
}

/** Permissions of the bot's sessions, shown in their conversations and answered there. */
export function createAsks({ client, platform, approvers, prefix }: AsksOptions): Asks {
  const open = new Map<string, Asked>();

  async function show(request: PermissionRequest): Promise<void> {
    const conversation = await conversationOf(request.sessionID);
    if (conversation === undefined || open.has(request.id)) return;
    const text = describe(request, platform);
    open.set(request.id, { conversation, text, message: await platform.ask(conversation, text, request) });
  }

  /** A sub-agent's session lies below the one of the conversation. */
  async function conversationOf(sessionID: string): Promise<string | undefined> {
    const { title, parentID } = await client.api.session.get.query({ sessionID });
    if (parentID !== undefined) return conversationOf(parentID);
    return title.startsWith(prefix) ? title.slice(prefix.length) : undefined;
  }

  /** Answered here or elsewhere. */
  async function settle(requestID: string, reply: string): Promise<void> {
    const asked = open.get(requestID);
    if (asked === undefined) return;
    open.delete(requestID);
    const outcome = `${reply === "reject" ? "Refused" : "Allowed"} by ${asked.by ?? "another client"}.`;
    await platform.edit(asked.conversation, asked.message, `${asked.text}\n\n${outcome}`);
  }

  return {
    async decide({ conversation, user, requestID, reply }) {
      if (!approvers.has(user)) return "You may not decide this.";
      const asked = open.get(requestID);
      if (asked === undefined || asked.conversation !== conversation) return "This is not open any more.";
      asked.by = user;
      await client.api.permission.reply.mutate({ requestID, reply });
      return reply === "reject" ? "Refused." : "Allowed.";
    },
    async follow(signal) {
      const report = (error: unknown) => console.error("A permission could not be shown:", error);
      for await (const { event } of client.events({ signal })) {
        // What was asked before this began waits too.
        if (event.type === "server.connected")
          for (const request of await client.api.permission.list.query()) await show(request).catch(report);
        if (event.type === "permission.asked") await show(event.properties).catch(report);
        if (event.type === "permission.replied") await settle(event.properties.requestID, event.properties.reply).catch(report);
      }
    },
  };
}

function describe({ permission, patterns, metadata }: PermissionRequest, { limit, code = String }: Platform): string {
  const detail = [metadata.command, metadata.diff].find((value) => typeof value === "string");
  const question = `May I ${permission}: ${patterns.join(", ")}?`;
  // Room is left for what becomes of it.
  const [most, room] = [limit / 2, limit / 2 - 300];
  const shown = detail === undefined || detail === patterns[0] ? "" : `\n\n${code(detail.slice(0, room))}`;
  const isCut = question.length > most || (shown !== "" && (detail?.length ?? 0) > room);
  return (
    question.slice(0, most) + shown + (isCut ? "\n\nThis is not all of it: look at the rest in another client before you allow it." : "")
  );
}
