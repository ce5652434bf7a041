import { z } from "zod";

/** Something that was said to be remembered, in a project: a `type` in capitals, and the text. */
export const Memory = z
  .object({
    id: z.string().meta({ pattern: "^mem" }),
    projectID: z.string(),
    directory: z.string(),
    type: z.string(),
    text: z.string(),
    time: z.object({ created: z.int().min(0) }),
  })
  .meta({ id: "Memory" });
export type Memory = z.infer<typeof Memory>;

/** Which memories: of one type, that hold all the words (capitals do not matter), at most the newest so many. */
export interface MemoryQuery {
  type?: string;
  words?: string[];
  recent?: number;
}
