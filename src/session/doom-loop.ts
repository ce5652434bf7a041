import type { TurnTool } from "../agent/turn.ts";
import type { PermissionAsk } from "../tool/tool.ts";

type Call = Parameters<TurnTool["execute"]>[0];

/** The same call so many times in a row looks like a model that goes in circles. */
const threshold = 3;

/** To look again at what goes on in the background is what this tool is for. */
const polling = new Set(["process"]);

/** Watches the calls of one turn: every third time in a row that a tool is called with the same input, `doom_loop` is asked for first. */
export function createLoopGuard(ask: (call: Call, request: PermissionAsk) => Promise<void>): (tool: TurnTool) => TurnTool {
  let latest: string | undefined;
  let count = 0;
  const note = (text: string): number => {
    count = text === latest ? count + 1 : 1;
    latest = text;
    return count;
  };
  return (tool) => ({
    ...tool,
    async execute(call) {
      if (note(JSON.stringify([tool.name, call.input])) >= threshold && !polling.has(tool.name)) {
        count = 0;
        await ask(call, {
          permission: "doom_loop",
          patterns: [tool.name],
          always: [tool.name],
          metadata: { tool: tool.name, input: call.input, times: threshold },
        });
      }
      return tool.execute(call);
    },
  });
}
