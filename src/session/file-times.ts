import { createFileTimes } from "../tool/file-times.ts";
import type { FileTimes } from "../tool/tool.ts";

/** What sessions have seen of files, for the sessions used last: one that was forgotten has to read a file again before it edits it. */
export function rememberFileTimes(): (sessionID: string) => FileTimes {
  const most = 200;
  const known = new Map<string, FileTimes>();
  return (sessionID) => {
    const times = known.get(sessionID) ?? createFileTimes();
    known.delete(sessionID);
    known.set(sessionID, times);
    const [oldest] = known.keys();
    if (known.size > most && oldest !== undefined) known.delete(oldest);
    return times;
  };
}
