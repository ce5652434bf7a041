import { type MockModel, mockModel } from "../../test/helpers/model.ts";
import { programWorkspace } from "../../test/helpers/program.ts";
import { follow, postJSON } from "../../test/helpers/server.ts";

export interface Scene extends AsyncDisposable {
  url: string;
  /** The session whose turn waits for a permission. */
  sessionID: string;
}

const limiter = `export interface Bucket {
  tokens: number;
  filled: number;
}

/** Takes one token; false where none is left. */
export function take(bucket: Bucket, now: number): boolean {
  bucket.tokens = Math.min(10, bucket.tokens + (now - bucket.filled) / 100);
  if (bucket.tokens < 1) return false;
  bucket.tokens -= 1;
  return true;
}
`;

const test = `import { expect, test } from "vitest";
import { take } from "../src/limiter.ts";

test("a bucket is empty after ten calls at once", () => {
  const bucket = { tokens: 10, filled: 0 };
  for (let call = 0; call < 10; call += 1) expect(take(bucket, 0)).toBe(true);
  expect(take(bucket, 0)).toBe(false);
});
`;

const files = {
  "README.md": "# Parcel desk\n\nTakes parcels in and gives them out.\n",
  "package.json": '{ "name": "parcel-desk", "type": "module" }\n',
  "src/limiter.ts": limiter,
  "test/limiter.test.ts": test,
};

const pricing = { cost: { input: 3, output: 15, cache_read: 0.3, cache_write: 3.75 }, limit: { context: 200_000, output: 32_000 } };
const prompt = "Clients get more calls than they should. Find out why, mend it, and add a test.";
const found = `The bucket fills, but \`filled\` is never set: each call counts the **whole time since the first** again. Setting it when tokens are added mends that:

\`\`\`ts
bucket.filled = now;
\`\`\`

I have changed it and run the tests next.`;
const todos = ["Find why the limit does not hold", "Set `filled` with each refill", "Add a test that waits between calls", "Run all tests"];
const progress = ["completed", "completed", "in_progress", "pending"];
const choices = {
  question: "Should old entries of the cache be dropped by age or by size?",
  header: "Eviction",
  options: [
    { label: "By age", description: "Ten minutes after the last use" },
    { label: "By size", description: "The least used first, above 500 entries" },
  ],
};

/** The built server with sessions as people have them: one that mended a fault and waits to run a command, one that asks a question, and some that are over. */
export async function playScene(): Promise<Scene> {
  await using stack = new AsyncDisposableStack();
  const model = stack.use(await mockModel());
  const workspace = stack.use(await programWorkspace({ files }));
  const program = await workspace.start(["serve", "--port", "0"], { env: { OPENCODE_CONFIG_CONTENT: JSON.stringify(configFor(model)) } });
  const url = await program.listening();
  for (const title of ["Explain the intake queue", "Upgrade to Node 24", "Name the parcels by day"]) await talk(url, { model, title });
  await ask(url, model);
  const sessionID = await mend(url, model);
  const held = stack.move();
  return { url, sessionID, [Symbol.asyncDispose]: () => held.disposeAsync() };
}

function configFor(model: MockModel): object {
  const config = model.config() as { provider: { mock: { models: Record<string, object> } } };
  Object.assign(config.provider.mock.models["mock-1"] ?? {}, pricing);
  return { ...config, permission: { bash: "ask", question: "allow" } };
}

const say = (text: string) => ({ parts: [{ type: "text", text }] });

async function open(url: string, title: string): Promise<string> {
  return (await postJSON<{ id: string }>(`${url}/session`, { title })).id;
}

async function talk(url: string, { model, title }: { model: MockModel; title: string }): Promise<void> {
  model.text("That is done.", { usage: { input: 4_210, output: 380 } });
  await postJSON(`${url}/session/${await open(url, title)}/message`, say(title));
}

async function ask(url: string, model: MockModel): Promise<void> {
  using events = follow(url);
  model.calls([{ name: "question", input: { questions: [choices] } }], { usage: { input: 6_900, output: 240 } });
  const id = await open(url, "Bound the label cache");
  await postJSON(`${url}/session/${id}/prompt_async`, say("The cache of labels grows without end. Bound it."));
  await events.until(({ type }) => type === "question.asked");
}

/** Latency makes the waterfall one of a model that takes its time. */
async function mend(url: string, model: MockModel): Promise<string> {
  const pace = { latency: 45, chunkSize: 12 };
  const bash = { command: "npx vitest run test/limiter.test.ts", description: "Runs the tests of the limiter" };
  model
    .calls(
      [
        { name: "grep", input: { pattern: "take\\(" } },
        { name: "read", input: { filePath: "src/limiter.ts" } },
      ],
      {
        reasoning: "The limit is in the token bucket. Who takes tokens, and when is it filled?",
        usage: { input: 8_420, output: 260 },
        ...pace,
      },
    )
    .calls(
      [
        { name: "todowrite", input: { todos: todos.map((content, index) => ({ content, status: progress[index], priority: "medium" })) } },
        {
          name: "edit",
          input: {
            filePath: "src/limiter.ts",
            oldString: "/ 100);\n  if",
            newString: "/ 100);\n  bucket.filled = now;\n  if",
          },
        },
      ],
      { usage: { input: 9_310, output: 410 }, ...pace },
    )
    .calls([{ name: "bash", input: bash }], { text: found, usage: { input: 10_050, output: 330 }, ...pace });
  using events = follow(url);
  const id = await open(url, "The rate limit lets too much through");
  await postJSON(`${url}/session/${id}/prompt_async`, say(prompt));
  await events.until(({ type, properties }) => type === "permission.asked" && properties.sessionID === id);
  return id;
}
