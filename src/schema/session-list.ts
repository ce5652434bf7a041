import { z } from "zod";
import { MessageID, PartID, SessionID } from "./id.ts";
import { Session, Tags } from "./session.ts";

/** What a project is called and where it is, beside a session of it. */
export const ProjectSummary = z
  .object({ id: z.string(), name: z.string().optional(), worktree: z.string() })
  .meta({ id: "ProjectSummary" });
export type ProjectSummary = z.infer<typeof ProjectSummary>;

/** How a session is: `waiting` needs an answer of a person, `retry` goes on by itself, `error`: its last answer failed. */
export const SessionState = z
  .object({
    type: z.enum(["busy", "retry", "waiting", "error", "idle"]),
    since: z.int().min(0).meta({ description: "Epoch ms: of the prompt that is being answered, of what is asked, of the last answer." }),
    message: z.string().optional().meta({ description: "Why it is retried, or what failed." }),
    permissions: z.int().min(0).meta({ description: "How many wait for an answer." }),
    questions: z.int().min(0).meta({ description: "How many wait for an answer." }),
  })
  .meta({ id: "SessionState" });
export type SessionState = z.infer<typeof SessionState>;

export const ListedSession = Session.extend({ project: ProjectSummary.nullable(), state: SessionState }).meta({ id: "ListedSession" });
export type ListedSession = z.infer<typeof ListedSession>;

export const SessionPage = z
  .object({
    items: z.array(ListedSession),
    cursor: z.string().optional().meta({ description: "Of the next page; there is none without." }),
  })
  .meta({ id: "SessionPage" });
export type SessionPage = z.infer<typeof SessionPage>;

/** A place where the words were found: the title of a session, or with `messageID` a text in it. */
export const SessionHit = z
  .object({
    sessionID: SessionID,
    title: z.string(),
    directory: z.string(),
    projectID: z.string(),
    parentID: SessionID.optional(),
    archived: z.number().optional(),
    messageID: MessageID.optional(),
    partID: PartID.optional(),
    role: z.enum(["user", "assistant"]).optional(),
    time: z.int().min(0).meta({ description: "Epoch ms: when the message was made, or the session changed last." }),
    snippet: z.string(),
    matches: z.array(z.object({ start: z.int().min(0), end: z.int().min(0) })).meta({ description: "Where in the snippet the words are." }),
  })
  .meta({ id: "SessionHit" });
export type SessionHit = z.infer<typeof SessionHit>;

export const SessionHits = z
  .object({
    items: z.array(SessionHit),
    cursor: z.string().optional().meta({ description: "Of the next page; there is none without." }),
  })
  .meta({ id: "SessionHits" });
export type SessionHits = z.infer<typeof SessionHits>;

/** What is done to each of many sessions. `tags`: what each is to have more or less. */
export const BulkChange = z.discriminatedUnion("action", [
  z.object({ action: z.literal("delete") }),
  z.object({ action: z.literal("archive") }),
  z.object({ action: z.literal("unarchive") }),
  z.object({ action: z.literal("tag"), add: Tags.optional(), remove: Tags.optional() }),
]);
export type BulkChange = z.infer<typeof BulkChange>;

export const BulkResult = z
  .object({ id: z.string(), ok: z.boolean(), error: z.object({ name: z.string(), message: z.string() }).optional() })
  .meta({ id: "BulkResult" });
export type BulkResult = z.infer<typeof BulkResult>;
