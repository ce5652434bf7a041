import type { Client } from "../../src/client/client.ts";
import { createId } from "../../src/schema/id.ts";

type Messages = Parameters<Client["api"]["session"]["import"]["mutate"]>[0]["messages"];

const sessionID = "ses_00000000000000000000000000";
const model = { providerID: "mock", modelID: "mock-1" };
const code = "```ts\nexport const sum = (values: number[]) => values.reduce((total, value) => total + value, 0);\n```";

/** So many prompts with their answers, to be imported: each with a thought, a command, words, and here and there code. */
export function longConversation(prompts: number, directory: string): Messages {
  const start = Date.now() - 3_600_000;
  return Array.from({ length: prompts }, (_, at) => turn(at, { directory, created: start + at * 2_000 })).flat();
}

function turn(at: number, { directory, created }: { directory: string; created: number }): Messages {
  const [question, answer] = [createId("message"), createId("message")];
  const ofQuestion = () => ({ id: createId("part"), sessionID, messageID: question });
  const ofAnswer = () => ({ id: createId("part"), sessionID, messageID: answer });
  const output = "total 3\na\nb";
  const time = (from: number, to: number) => ({ start: created + from, end: created + to });
  return [
    {
      info: { id: question, sessionID, role: "user", time: { created }, agent: "build", model },
      parts: [{ ...ofQuestion(), type: "text", text: `Prompt ${at}: what is the sum of these numbers?` }],
    },
    {
      info: {
        ...{ id: answer, sessionID, role: "assistant", parentID: question, ...model, mode: "build", agent: "build" },
        time: { created: created + 500, completed: created + 1_500 },
        path: { cwd: directory, root: directory },
        cost: 0.01,
        tokens: { input: 1_200, output: 80, reasoning: 10, cache: { read: 0, write: 0 } },
        finish: "stop",
      },
      parts: [
        { ...ofAnswer(), type: "reasoning", text: "Let me think **hard** about it.", time: time(500, 900) },
        {
          ...{ ...ofAnswer(), type: "tool", callID: `call-${at}`, tool: "bash" },
          state: {
            ...{ status: "completed", input: { command: "ls -la src" }, output, title: "ls -la src" },
            metadata: { exit: at % 3, output },
            time: time(600, 800),
          },
        },
        {
          ...ofAnswer(),
          type: "text",
          text: `Answer ${at}: the **sum** is ${at}.\n\n${at % 4 === 0 ? code : "- one\n- two"}`,
          time: time(900, 1_500),
        },
      ],
    },
  ];
}
