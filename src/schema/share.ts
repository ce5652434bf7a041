import { z } from "zod";
import { MessageID, PartID } from "./id.ts";
import { MessageWithParts } from "./prompt.ts";
import { Session } from "./session.ts";

/** What whoever has the link of a shared session may read: what was said and done in it and stands, oldest first. */
export const SharedSession = z
  .object({
    session: Session.pick({ title: true, agent: true, model: true, version: true, time: true, summary: true }),
    working: z.boolean().meta({ description: "A turn runs: more is to come." }),
    messages: z.array(MessageWithParts),
  })
  .meta({ id: "SharedSession" });
export type SharedSession = z.infer<typeof SharedSession>;

/** A session as it is written to a file, here and by OpenCode; of its facts only these are read back. */
export const SessionExport = z.object({
  info: z.object({ title: z.string(), revert: z.object({ messageID: MessageID, partID: PartID.optional() }).optional() }),
  messages: z.array(MessageWithParts),
});
export type SessionExport = z.infer<typeof SessionExport>;
