import { spawn } from "node:child_process";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { createClient, type PermissionRequest } from "codeport/client";

/**
 * `guard.ts [COMMAND…]`: asks a command before every edit of any agent in this directory. It reads `{ files, diff, sessionID }` from its
 * standard input; exit code 0 lets the edit through, anything else is a veto, and what it prints is the reason the agent is told.
 */

const { CODEPORT_URL: url = "http://127.0.0.1:4096", OPENCODE_SERVER_PASSWORD: password } = process.env;
const [command = process.execPath, ...words] =
  process.argv.length > 2 ? process.argv.slice(2) : [process.execPath, join(import.meta.dirname, "check.mjs")];

// A server that is away or a wrong password is told in a line.
process.on("uncaughtException", ({ message }) => {
  console.error(message);
  process.exit(1);
});

await using client = createClient({ url, password, directory: process.cwd() });
const stop = new AbortController();
for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => stop.abort());
const seen = new Set<string>();

for await (const { event } of client.events({ signal: stop.signal })) {
  if (event.type === "server.connected") await begin();
  // Checks run beside each other: a slow one does not hold up other sessions.
  if (event.type === "permission.asked") void judge(event.properties);
}

/** The stream is open now, so nothing is missed from here; what was asked before is still waiting. */
async function begin(): Promise<void> {
  for (const request of await client.api.permission.list.query()) void judge(request);
  console.log(`Guarding edits in ${process.cwd()}`);
}

async function judge(request: PermissionRequest): Promise<void> {
  const { id: requestID, permission, patterns, sessionID, metadata } = request;
  if (permission !== "edit" || seen.has(requestID)) return;
  seen.add(requestID);
  const reason = await objection({ files: patterns, diff: metadata.diff, sessionID });
  const reply = reason === undefined ? "once" : "reject";
  // A veto with a message does not end the turn: the agent reads why and goes on.
  await client.api.permission.reply
    .mutate({ requestID, reply, message: reason })
    .then(() => console.log(`${reason === undefined ? "ok  " : "veto"} ${patterns.join(" ")}${reason === undefined ? "" : `: ${reason}`}`))
    .catch((error: Error) => console.log(`${patterns.join(" ")} was answered elsewhere: ${error.message}`));
}

/** Undefined when the command has none. A command that cannot run objects to everything. */
async function objection(edit: { files: string[]; diff: unknown; sessionID: string }): Promise<string | undefined> {
  const check = spawn(command, words, { stdio: ["pipe", "pipe", "inherit"] });
  const ended = new Promise<number | null>((resolve, reject) => check.once("error", reject).once("close", resolve));
  // A check that does not read its input has its say all the same.
  check.stdin.on("error", () => {}).end(JSON.stringify(edit));
  try {
    const [code, said] = await Promise.all([ended, text(check.stdout)]);
    return code === 0 ? undefined : said.trim() || `The check ended with ${code}.`;
  } catch (error) {
    return `The check could not run: ${(error as Error).message}`;
  }
}
