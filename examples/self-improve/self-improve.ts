import { spawn } from "node:child_process";
import { parseArgs } from "node:util";
import { createClient, type PermissionRequest } from "codeport/client";

/** `self-improve.ts`: runs the tests and feeds what fails back to an agent, until they pass or the rounds or the money are used up. */

// A server that is away, a wrong password or an unknown flag is told in a line.
process.on("uncaughtException", ({ message }) => {
  console.error(message);
  process.exit(1);
});

const { CODEPORT_URL: url = "http://127.0.0.1:4096", OPENCODE_SERVER_PASSWORD: password } = process.env;
const { values: flags } = parseArgs({
  options: {
    test: { type: "string", default: "npm test" },
    rounds: { type: "string", default: "5" },
    cost: { type: "string", default: "1" },
  },
});
for (const name of ["rounds", "cost"] as const) {
  if (!(Number(flags[name]) > 0)) throw new Error(`--${name} takes a number above 0, and not ${flags[name]}.`);
}

await using client = createClient({ url, password, directory: process.cwd() });
process.exitCode = (await improve()) ? 0 : 1;

async function improve(): Promise<boolean> {
  let tests = await runTests();
  if (tests.passed) return report("The tests pass as they are.", true);
  const first = tests.output;
  const session = await client.api.session.create.mutate({ title: `Make "${flags.test}" pass` });
  const sessionID = session.id;
  // Kept by the server before every call of a model: neither a long turn nor a sub-agent gets past it.
  await client.api.session.setBudget.mutate({ sessionID, cost: Number(flags.cost) });
  for (let round = 1; round <= Number(flags.rounds); round++) {
    const { error, text, cost } = await client.run({ sessionID, text: task(tests.output), onPermission }).result;
    console.error(`round ${round}: $${cost.toFixed(4)} ${text.split("\n")[0]}`);
    if (error) return report(`Stopped: ${"message" in error.data ? error.data.message : error.name}`, false);
    tests = await runTests();
    if (!tests.passed) continue;
    await remember(sessionID, `WORKING_SOLUTION: ${lastLine(first)} => ${text.replaceAll("\n", " ")}`);
    return report(`The tests pass after ${rounds(round)}.`, true);
  }
  return report(`The tests still fail after ${rounds(Number(flags.rounds))}.`, false);
}

/** The recall line is answered from the project's memory before the model reads the prompt: what worked before helps now. */
function task(output: string): string {
  return `"${flags.test}" fails. Find the cause in the code, never by weakening a test, mend it, and say in one line what it was.

/recall --type WORKING_SOLUTION --recent 5

\`\`\`
${output}
\`\`\``;
}

/** It may edit; running the tests is done here, and nothing else needs to run. */
function onPermission({ permission }: PermissionRequest): "once" | "reject" {
  return permission === "edit" ? "once" : "reject";
}

async function remember(sessionID: string, text: string): Promise<void> {
  await client.api.session.command.mutate({ sessionID, command: "remember", arguments: text });
}

/** What they print, its end at most: that is where failures are told. */
async function runTests(): Promise<{ passed: boolean; output: string }> {
  const child = spawn(flags.test, { shell: true, stdio: ["ignore", "pipe", "pipe"] });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => {
      output = (output + text).slice(-8_000);
    });
  }
  const code = await new Promise<number | null>((resolve, reject) => child.once("error", reject).once("close", resolve));
  return { passed: code === 0, output };
}

function rounds(count: number): string {
  return count === 1 ? "1 round" : `${count} rounds`;
}

function lastLine(output: string): string {
  return output.trim().split("\n").at(-1) ?? "";
}

function report(line: string, passed: boolean): boolean {
  console.log(line);
  return passed;
}
