import { z } from "zod";
import { Session } from "./session.ts";

/** What became of one file. `unchanged`: there was nothing to undo or redo. `conflict`: somebody else changed it, so it was left alone. */
export const UndoneFile = z
  .object({
    file: z.string(),
    outcome: z.enum(["undone", "redone", "unchanged", "conflict"]),
    inferred: z.boolean().meta({ description: "A command changed it: that is known only from the file before and after." }),
  })
  .meta({ id: "UndoneFile" });
export type UndoneFile = z.infer<typeof UndoneFile>;

export const FileUndo = z.object({ files: z.array(UndoneFile), session: Session }).meta({ id: "FileUndo" });
export type FileUndo = z.infer<typeof FileUndo>;
