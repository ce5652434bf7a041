import { createHash } from "node:crypto";
import { text } from "node:stream/consumers";
import { parseArgs } from "node:util";
import { createClient } from "codeport/client";
import { type Mail, mailsIn, readMail, writeMail } from "./mail.ts";

/**
 * `mailbox.ts send --to NAME --subject TEXT [--from NAME] [--type task_dispatch|note] [--body TEXT]`, `mailbox.ts inbox --of NAME`, and
 * `mailbox.ts deliver`: the postman, who carries what agents write to each other.
 */

// A server that is away, a wrong password or an unknown flag is told in a line.
process.on("uncaughtException", ({ message }) => {
  console.error(message);
  process.exit(1);
});

const { CODEPORT_URL: url = "http://127.0.0.1:4096", OPENCODE_SERVER_PASSWORD: password } = process.env;
const { values: flags, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    to: { type: "string" },
    from: { type: "string", default: "you" },
    subject: { type: "string", default: "" },
    type: { type: "string", default: "task_dispatch" },
    body: { type: "string" },
    of: { type: "string", default: "" },
    hops: { type: "string", default: "8" },
  },
});

await using client = createClient({ url, password, directory: process.cwd() });
const actions: Record<string, () => Promise<unknown>> = { send, inbox, deliver };
const action = actions[positionals[0] ?? ""];
if (action === undefined) {
  console.error("Say send, inbox or deliver.");
  process.exitCode = 2;
} else await action();

async function send(): Promise<void> {
  if (!flags.to) throw new Error("Say --to whom.");
  const body = flags.body ?? (await text(process.stdin));
  await post({ to: flags.to, from: flags.from, subject: flags.subject, hops: 0, body }, `${Date.now()} ${Math.random()}`);
}

async function inbox(): Promise<void> {
  const sessionID = await boxOf(flags.of);
  for (const { info, parts } of await client.api.session.messages.query({ sessionID })) {
    const mail = info.role === "user" ? readMail(textOf(parts)) : undefined;
    if (mail) console.log(`${new Date(info.time.created).toISOString()} ${mail.from}: ${mail.subject}`);
  }
}

/** An agent's mailbox is its session. Mail of one origin arrives once, however often it is posted: its message has an id made of the origin. */
async function post(mail: Mail, origin: string): Promise<void> {
  const messageID = `msg_${createHash("sha256").update(origin).digest("hex").slice(0, 26)}`;
  const system = `You are ${mail.to}, one of several agents who write to each other. To write to one, put this in your answer, once for each:
\`\`\`mail
To: name
Subject: what it is about

The text. Whoever reads it knows nothing else of your work.
\`\`\`
Write only if something is to be done or was asked; nobody needs thanks.`;
  const parts = [{ type: "text" as const, text: writeMail(mail) }];
  // A note is read with the next task; a task waits until the one before it is done.
  await client.api.session.promptAsync.mutate({
    ...{ sessionID: await boxOf(mail.to), messageID, parts, system },
    ...(flags.type === "note" ? { noReply: true } : { queue: "queue" as const }),
  });
}

async function boxOf(name: string): Promise<string> {
  const title = `mailbox: ${name}`;
  const found = (await client.api.session.list.query({ search: title })).find((session) => session.title === title);
  return (found ?? (await client.api.session.create.mutate({ title }))).id;
}

/** What was written while no postman was about is delivered first; what was delivered already is not delivered again. */
async function deliver(): Promise<void> {
  const stop = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => stop.abort());
  for await (const { event } of client.events({ signal: stop.signal })) {
    if (event.type === "server.connected") {
      for (const { id } of await client.api.session.list.query({ search: "mailbox: " })) await collect(id);
      console.log("The postman is on his way.");
    }
    if (event.type === "session.idle") await collect(event.properties.sessionID);
  }
}

/** Takes the letters out of the answers of one mailbox. */
async function collect(sessionID: string): Promise<void> {
  const { title } = await client.api.session.get.query({ sessionID });
  if (!title.startsWith("mailbox: ")) return;
  const messages = await client.api.session.messages.query({ sessionID });
  const from = title.slice("mailbox: ".length);
  for (const { info, parts } of messages) {
    if (info.role !== "assistant" || info.time.completed === undefined) continue;
    const asked = messages.find((message) => message.info.id === info.parentID);
    const hops = (readMail(asked ? textOf(asked.parts) : "")?.hops ?? 0) + 1;
    for (const [index, mail] of mailsIn(textOf(parts)).entries()) {
      // Two agents who answer each other would never stop.
      if (hops > Number(flags.hops)) console.log(`${from} to ${mail.to}: ${mail.subject} (not delivered: ${hops} hops)`);
      else await post({ ...mail, from, hops }, `${info.id} ${index}`);
    }
  }
}

function textOf(parts: { type: string; text?: string }[]): string {
  return parts.flatMap((part) => (part.type === "text" ? [part.text ?? ""] : [])).join("\n");
}
