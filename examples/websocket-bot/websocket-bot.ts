import { createInterface } from "node:readline";

/** A bot on standard input: every line is said to the agent, over the JSON protocol of `/ws`. No library, and all of it would run in a browser but the lines. */

const { CODEPORT_URL: url = "http://127.0.0.1:4096", OPENCODE_SERVER_PASSWORD: password } = process.env;

type Frame = { id?: number } & (
  | { type: "session"; sessionId: string }
  | { type: "text"; content: string }
  | { type: "tool_start"; tool: string; args: Record<string, unknown> }
  | { type: "tool_end"; tool: string; failed?: boolean }
  | { type: "permission"; permissionId: string; permission: string; patterns: string[] }
  | { type: "question"; questionId: string; questions: { question: string; options: { label: string }[] }[] }
  | { type: "error"; name: string; message: string }
  | { type: "done"; sessionId: string }
  | { type: "ok" }
);

/** `s` allows its like in this session too, `a` in the whole project. */
const replies: Record<string, string> = { y: "once", yes: "once", s: "session", a: "always" };

const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
const socket = new WebSocket(await address());
let sessionId: string | null = null;
let turn = { id: 0, ...Promise.withResolvers<void>() };

socket.onopen = () => void talk();
socket.onmessage = ({ data }) => void onFrame(JSON.parse(data) as Frame);
socket.onclose = () => {
  if (process.exitCode !== undefined) return;
  console.error(sessionId ? `The connection is gone; what was begun goes on in session ${sessionId}.` : `No server answers at ${url}.`);
  process.exit(4);
};

/** A WebSocket sends no headers from a browser: a ticket that holds once stands in the address instead of the password. */
async function address(): Promise<string> {
  const place = `${url.replace(/^http/, "ws")}/ws`;
  if (password === undefined) return place;
  const headers = { authorization: `Basic ${btoa(`opencode:${password}`)}` };
  const response = await fetch(`${url}/token/ticket`, { method: "POST", headers });
  if (!response.ok) throw new Error(`The server answered ${response.status}: ${await response.text()}`);
  const { ticket } = (await response.json()) as { ticket: string };
  return `${place}?ticket=${encodeURIComponent(ticket)}`;
}

function send(frame: object): void {
  socket.send(JSON.stringify(frame));
}

/** One turn after the other, until the input ends. */
async function talk(): Promise<void> {
  for (let line = await ask("> "); line !== undefined; line = await ask("> ")) {
    if (line.trim() === "") continue;
    turn = { id: turn.id + 1, ...Promise.withResolvers<void>() };
    send({ type: "chat", id: turn.id, message: line, sessionId });
    await turn.promise;
  }
  process.exitCode = 0;
  socket.close();
}

async function onFrame(frame: Frame): Promise<void> {
  switch (frame.type) {
    case "session":
      sessionId = frame.sessionId;
      return;
    case "text":
      process.stdout.write(frame.content);
      return;
    case "tool_start":
      console.error(`\n${frame.tool} ${JSON.stringify(frame.args)}`);
      return;
    case "permission": {
      const answer = await ask(`Allow ${frame.permission} ${frame.patterns.join(", ")}? [y/s/a/N] `);
      return send({ type: "permission", permissionId: frame.permissionId, reply: replies[answer?.trim().toLowerCase() ?? ""] ?? "reject" });
    }
    case "question":
      return await onQuestion(frame);
    case "error":
      console.error(`\n${frame.name}: ${frame.message}`);
      return end(frame);
    case "done":
      process.stdout.write("\n");
      return end(frame);
  }
}

/** A turn that fails is ended by an error, and told done after it; by then the next one may have begun. */
function end({ id }: Frame): void {
  if (id === turn.id) turn.resolve();
}

async function onQuestion({ questionId, questions }: Extract<Frame, { type: "question" }>): Promise<void> {
  const answers: string[][] = [];
  for (const { question, options } of questions) {
    const answer = await ask(`${question} (${options.map(({ label }) => label).join(" / ")}) `);
    answers.push(answer ? [answer] : []);
  }
  send({ type: "question", questionId, answers });
}

/** The prompt goes to stderr: stdout holds what the agent says. Undefined at the end of the input. */
async function ask(prompt: string): Promise<string | undefined> {
  process.stderr.write(prompt);
  const { value, done } = await lines.next();
  return done ? undefined : value;
}
