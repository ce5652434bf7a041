import type { ToolPart } from "../schema/part.ts";
import type { SessionOptions } from "./options.ts";

/** What a sub-agent has done so far, for whoever watches the call that started it. */
export interface TaskStep {
  id: string;
  tool: string;
  state: { status: ToolPart["state"]["status"]; title?: string };
}

/** The newest calls that are shown; a long task has hundreds. */
const most = 50;

/** Follows a child session and shows its tool calls each time one changes. Ends when it is disposed. */
export function watchTask({ log, onError }: SessionOptions, sessionID: string, show: (steps: TaskStep[]) => void): Disposable {
  const ends = new AbortController();
  const steps = new Map<string, TaskStep>();
  const follow = async (): Promise<void> => {
    for await (const { event } of log.read({ sessionID, signal: ends.signal })) {
      if (event.type !== "message.part.updated" || event.properties.part.type !== "tool") continue;
      const { id, tool, state } = event.properties.part;
      const title = "title" in state ? state.title : undefined;
      const known = steps.get(id);
      if (known?.state.status === state.status && known.state.title === title) continue;
      steps.set(id, { id, tool, state: { status: state.status, ...(title ? { title } : {}) } });
      show([...steps.values()].slice(-most));
    }
  };
  follow().catch((error) => onError?.(error));
  return { [Symbol.dispose]: () => ends.abort() };
}
