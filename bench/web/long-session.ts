const answer = (turn: number) => `The part that matters is in \`src/part-${turn}.ts\`, and it does **three** things:

1. It reads what is asked.
2. It looks for what fits, by name and by text.
3. It answers with what it found.

\`\`\`ts
export function part${turn}(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, ${turn});
}
\`\`\`

Nothing else calls it, so that a change there is safe. Answer ${turn}.`;

const ids = (kind: string, index: number) => `${kind}_${String(index).padStart(12, "0")}${"0".repeat(14)}`;

/**
 * The export of a session with so many messages, in turn a prompt and an answer with reasoning, a tool and Markdown, as `POST /session/import`
 * takes it. The last one ends with `Answer <turns>.`
 */
export function longSession(title: string, messages: number): { info: { title: string }; messages: object[] } {
  const begun = Date.now() - messages * 10_000;
  const model = { providerID: "mock", modelID: "mock-1" };
  const said = Array.from({ length: messages }, (_, index) => {
    const turn = Math.floor(index / 2) + 1;
    const created = begun + index * 10_000;
    const base = { sessionID: "ses_long0000000000000000000000", messageID: ids("msg", index) };
    const part = (number: number, more: object) => ({ ...base, id: ids("prt", index * 10 + number), ...more });
    const info = { id: base.messageID, sessionID: base.sessionID, agent: "build" };
    if (index % 2 === 0)
      return {
        info: { ...info, role: "user", time: { created }, model },
        parts: [part(0, { type: "text", text: `What does part ${turn} do, and who calls it?` })],
      };
    const time = { start: created, end: created + 4_000 };
    const tokens = { input: 1_200, output: 180, reasoning: 20, cache: { read: 0, write: 0 } };
    return {
      info: {
        ...info,
        ...model,
        role: "assistant",
        time: { created, completed: created + 8_000 },
        parentID: ids("msg", index - 1),
        mode: "build",
        path: { cwd: "/", root: "/" },
        cost: 0.004,
        tokens,
        finish: "stop",
      },
      parts: [
        part(0, { type: "reasoning", text: `Where is part ${turn}? It has a file of its own.`, time }),
        part(1, {
          type: "tool",
          callID: `call_${turn}`,
          tool: "grep",
          state: {
            status: "completed",
            input: { pattern: `part${turn}` },
            output: `src/part-${turn}.ts:1: export function part${turn}`,
            title: `part${turn}`,
            metadata: { matches: 1 },
            time,
          },
        }),
        part(2, { type: "text", text: answer(turn), time }),
      ],
    };
  });
  return { info: { title }, messages: said };
}
