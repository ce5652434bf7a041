import { z } from "zod";

/** Instructions for a kind of work, which an agent loads when it comes to it. `location`: the file it was read from; `content`: its text without the front matter. */
export const Skill = z.object({ name: z.string(), description: z.string().optional(), location: z.string(), content: z.string() });
export type Skill = z.infer<typeof Skill>;
