import { createClient, type RunResult } from "codeport/client";

/** `parallel.ts TASK…`: every task has an agent of its own, all at once; then one agent puts their reports together. */

const { CODEPORT_URL: url = "http://127.0.0.1:4096", OPENCODE_SERVER_PASSWORD: password } = process.env;
const tasks = process.argv.slice(2);
if (tasks.length === 0) {
  console.error('Say at least one task: parallel.ts "review src/auth.ts" "document src/api"');
  process.exit(2);
}

// A server that is away or a wrong password is told in a line.
process.on("uncaughtException", ({ message }) => {
  console.error(message);
  process.exit(1);
});

/** One Ctrl-C stops all of them. */
const stop = new AbortController();
process.once("SIGINT", () => stop.abort());

await using client = createClient({ url, password });
const { signal } = stop;

// Children of one session: clients show them below it, and deleting it deletes them.
const parent = await client.api.session.create.mutate({ title: `Parallel: ${tasks.length} tasks` });
const reports = await Promise.all(tasks.map(work));

const summary = signal.aborted ? undefined : await summarize();
const all = summary ? [...reports, summary] : reports;
console.error(`${all.length} sessions, $${all.reduce((sum, { cost }) => sum + cost, 0).toFixed(4)}`);
process.exitCode = signal.aborted ? 130 : all.some(({ error, refused }) => error || refused) ? 1 : 0;

async function work(task: string, index: number): Promise<RunResult> {
  const session = await client.api.session.create.mutate({ parentID: parent.id, title: task });
  const run = client.run({ sessionID: session.id, text: task, signal, onPermission: () => "reject" });
  for await (const update of run) {
    if (update.type !== "part" || update.part.type !== "tool" || update.part.state.status !== "completed") continue;
    console.error(`[${index + 1}] ${update.part.tool} ${update.part.state.title}`);
  }
  const result = await run.result;
  const refusal = result.refused ? "A permission was refused." : "";
  console.log(`## ${task}\n\n${result.error ? `Failed: ${result.error.name}` : [result.text, refusal].join("\n\n").trim()}\n`);
  return result;
}

async function summarize(): Promise<RunResult> {
  const text = reports.map((report, index) => `<report task=${JSON.stringify(tasks[index])}>\n${report.text}\n</report>`);
  const question = "Put these reports of your colleagues together: what agrees, what contradicts, what to do first.";
  const result = await client.run({ sessionID: parent.id, text: [question, ...text].join("\n\n"), signal }).result;
  console.log(`## Together\n\n${result.text}`);
  return result;
}
