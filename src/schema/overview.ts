import { z } from "zod";
import { PermissionRequest } from "./permission.ts";
import { QuestionRequest } from "./question.ts";
import { Session, SessionStatus } from "./session.ts";

/** What goes on in every directory, for clients that show all of them: this once, then the events after `position`. */
export const Overview = z
  .object({
    position: z.int().meta({ description: "Of the log. The events after it tell what has happened since." }),
    sessions: z.array(Session).meta({ description: "The newest, and all that are at work or wait for an answer; latest change first." }),
    status: z.record(z.string(), SessionStatus).meta({ description: "Of the sessions that are not idle, by id." }),
    permissions: z.array(PermissionRequest).meta({ description: "What waits for an answer, oldest first." }),
    questions: z.array(QuestionRequest).meta({ description: "What waits for an answer, oldest first." }),
    more: z.boolean().meta({ description: "There are older sessions." }),
  })
  .meta({ id: "Overview" });
export type Overview = z.infer<typeof Overview>;
