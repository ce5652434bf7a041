import * as z from "zod/mini";

/** Search params are texts, as they stand in the address; a screen reads numbers and lists from them itself. */
const text = z.optional(z.string());

/** Every screen's address and what its address may hold beside the path. Loaded with the first page: keep it small. */
export const searches = {
  sessions: z.object({ q: text, project: text, tag: text, show: text, panes: text }),
  inbox: z.object({ session: text }),
  session: z.object({ message: text, tab: text }),
  changes: z.object({ session: text, message: text, against: text, directory: text, file: text, view: text }),
  files: z.object({ directory: text, path: text, q: text, find: text, line: text }),
  timeline: z.object({ session: text, turn: text, view: text }),
  usage: z.object({ by: text, days: text, project: text, show: text }),
  events: z.object({ tab: text, session: text, type: text, q: text, directory: text }),
  api: z.object({ procedure: text, q: text, directory: text, input: text }),
  settings: z.object({ directory: text, of: text, action: text, actor: text, id: text }),
};
