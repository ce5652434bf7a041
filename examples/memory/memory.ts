import { createOpencodeClient } from "@opencode-ai/sdk";

/** `memory.ts remember TEXT`, `memory.ts recall [--type TYPE] [--recent N] [WORDS]`, `memory.ts list`, `memory.ts forget ID`. */

const { CODEPORT_URL: baseUrl = "http://127.0.0.1:4096", OPENCODE_SERVER_PASSWORD: password } = process.env;
const headers: Record<string, string> = password ? { authorization: `Basic ${btoa(`opencode:${password}`)}` } : {};
const client = createOpencodeClient({ baseUrl, headers });

// A server that is away or a wrong password is told in a line.
process.on("uncaughtException", ({ message }) => {
  console.error(`${baseUrl}: ${message}`);
  process.exit(1);
});

const [action = "", ...words] = process.argv.slice(2);

if (action === "remember" || action === "recall") console.log(await command(action, words.join(" ")));
else if (action === "list") for (const memory of await list()) console.log(`${memory.id} ${memory.type}: ${memory.text}`);
else if (action === "forget") await forget(words);
else {
  console.error("Say remember, recall, list or forget.");
  process.exitCode = 2;
}

/** A slash command, as in a prompt; the memory belongs to the project, so any session will do: `default` is made on first use. */
async function command(name: "remember" | "recall", text: string): Promise<string> {
  const { data } = await client.session.command({ path: { id: "default" }, body: { command: name, arguments: text }, throwOnError: true });
  return data.parts.flatMap((part) => (part.type === "text" ? [part.text] : [])).join("\n");
}

/** The official client knows no memory; its addresses are plain HTTP. */
async function list(): Promise<{ id: string; type: string; text: string }[]> {
  const response = await fetch(`${baseUrl}/memory`, { headers });
  if (!response.ok) throw new Error(await response.text());
  return (await response.json()) as { id: string; type: string; text: string }[];
}

async function forget(ids: string[]): Promise<void> {
  for (const id of ids) {
    const response = await fetch(`${baseUrl}/memory/${encodeURIComponent(id)}`, { method: "DELETE", headers });
    if (!response.ok) throw new Error(await response.text());
    console.log(`${id} is forgotten.`);
  }
}
