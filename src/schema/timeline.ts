import { z } from "zod";
import { MessageID, PartID, SessionID } from "./id.ts";
import { Tokens } from "./message.ts";

const At = z.int().min(0);

/** Waiting for a person. Without `end`: nobody has answered, or whoever asked is gone. */
export const TimelineWait = z
  .object({
    kind: z.enum(["permission", "question"]),
    requestID: z.string(),
    name: z.string().optional().meta({ description: "Of the permission." }),
    start: At,
    end: At.optional(),
    answer: z.string().optional().meta({ description: "once, always, reject; answered or rejected." }),
  })
  .meta({ id: "TimelineWait" });
export type TimelineWait = z.infer<typeof TimelineWait>;

export const TimelineTool = z
  .object({
    partID: PartID,
    callID: z.string(),
    tool: z.string(),
    title: z.string().optional(),
    state: z.enum(["pending", "running", "completed", "error"]),
    denied: z.literal(true).optional().meta({ description: "The error is that it was not allowed." }),
    requested: At.optional().meta({ description: "When the model began to write the call." }),
    start: At.optional(),
    end: At.optional(),
    sessionID: SessionID.optional().meta({ description: "Of the sub-agent that did it: it has a timeline of its own." }),
    waits: z.array(TimelineWait),
  })
  .meta({ id: "TimelineTool" });
export type TimelineTool = z.infer<typeof TimelineTool>;

/** One answer of the model and what was done for it. */
export const TimelineStep = z
  .object({
    messageID: MessageID,
    agent: z.string(),
    providerID: z.string(),
    modelID: z.string(),
    summary: z.boolean().meta({ description: "It wrote a handover." }),
    start: At,
    firstToken: At.optional(),
    streamEnd: At.optional().meta({ description: "When the model had said all." }),
    end: At.optional(),
    finish: z.string().optional(),
    error: z.object({ name: z.string(), message: z.string() }).optional(),
    tokens: Tokens,
    cost: z.number(),
    retries: z.array(z.object({ at: At, attempt: z.int().min(0), message: z.string(), next: At })),
    tools: z.array(TimelineTool),
    waits: z.array(TimelineWait).meta({ description: "Those that belong to none of the tools." }),
  })
  .meta({ id: "TimelineStep" });
export type TimelineStep = z.infer<typeof TimelineStep>;

/** What came of a prompt. Times are epoch ms. */
export const TimelineTurn = z
  .object({
    messageID: MessageID,
    state: z.enum(["queued", "running", "completed", "aborted", "error", "unanswered"]),
    queued: At.meta({ description: "When the prompt came." }),
    start: At.optional(),
    end: At.optional(),
    tokens: Tokens,
    cost: z.number(),
    steps: z.array(TimelineStep),
  })
  .meta({ id: "TimelineTurn" });
export type TimelineTurn = z.infer<typeof TimelineTurn>;

export const Timeline = z
  .object({
    turns: z.array(TimelineTurn).meta({ description: "Oldest first." }),
    before: MessageID.optional().meta({ description: "There are earlier turns: those before this one." }),
  })
  .meta({ id: "Timeline" });
export type Timeline = z.infer<typeof Timeline>;
