import { z } from "zod";
import { MessageWithParts } from "./prompt.ts";
import { Session } from "./session.ts";

/** What whoever has the link of a shared session may read: what was said and done in it and stands, oldest first. */
export const SharedSession = z
  .object({
    session: Session.pick({ title: true, agent: true, model: true, version: true, time: true, summary: true }),
    messages: z.array(MessageWithParts),
  })
  .meta({ id: "SharedSession" });
export type SharedSession = z.infer<typeof SharedSession>;
