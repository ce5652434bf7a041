import { createClient } from "codeport/client";

const { CODEPORT_URL: url = "http://127.0.0.1:4096", OPENCODE_SERVER_PASSWORD: password } = process.env;
const [text = "list the files and read README.md"] = process.argv.slice(2);

// A server that is away or a wrong password is told in a line.
process.on("uncaughtException", ({ message }) => {
  console.error(message);
  process.exit(1);
});

await using client = createClient({ url, password });

const run = client.run({ text, title: "Typed client", onPermission: () => "reject" });
const printed = new Map<string, string>();

/** A part holds all text so far and a delta what is new: each is printed only as far as it goes beyond what was printed. */
function print(partID: string, whole: string): void {
  if (printed.size > 0 && !printed.has(partID)) process.stdout.write("\n");
  process.stdout.write(whole.slice(printed.get(partID)?.length ?? 0));
  printed.set(partID, whole);
}

for await (const update of run) {
  if (update.type === "delta") {
    const before = printed.get(update.partID);
    // Reasoning comes in deltas too; only what began as text is printed.
    if (before !== undefined) print(update.partID, before + update.delta);
  } else if (update.part.type === "text") {
    print(update.part.id, update.part.text);
  } else if (update.part.type === "tool" && update.part.state.status === "running") {
    console.error(`${update.part.tool} ${JSON.stringify(update.part.state.input)}`);
  }
}

const { tokens, cost, refused, error } = await run.result;
process.stdout.write("\n");
console.error(`${tokens.input + tokens.output} tokens, $${cost.toFixed(4)}`);
if (refused) console.error("A permission was refused.");
if (error) console.error(`${error.name}: ${JSON.stringify(error.data)}`);
if (refused || error) process.exitCode = 1;
