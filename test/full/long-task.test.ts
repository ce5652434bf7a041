import { expect, it } from "vitest";
import type { MessageWithParts } from "../../src/schema/prompt.ts";
import type { Session } from "../../src/schema/session.ts";
import { say } from "../helpers/app.ts";
import { follow, getJSON, postJSON, testServer } from "../helpers/server.ts";

const names = ["add", "subtract", "multiply", "divide", "power"];
const signs = { add: "+", subtract: "-", multiply: "*", divide: "/", power: "**" } as const;
const wrong = (name: string) => `export const ${name} = (a, b) => a % b;\n`;
const right = (name: keyof typeof signs) => `a ${signs[name]} b`;

const checks = [
  'import { test } from "node:test";',
  'import assert from "node:assert";',
  ...names.map((name) => `import { ${name} } from "./${name}.js";`),
  'test("arithmetic", () => assert.deepEqual([add(4, 2), subtract(4, 2), multiply(4, 2), divide(4, 2), power(4, 2)], [6, 2, 8, 2, 16]));',
].join("\n");

const files = {
  "package.json": JSON.stringify({ type: "module", scripts: { test: "node --test" } }),
  "all.test.js": checks,
  ...Object.fromEntries(names.map((name) => [`${name}.js`, wrong(name)])),
};

it("a task of thirty steps reads, edits five files, fails a test, reads the failure and mends it", async () => {
  await using server = await testServer({ files });
  const { model, repository, url } = server;
  const bash = (command: string) => ({ name: "bash", input: { command, description: command } });
  const edit = (name: string, oldString: string, newString: string) => ({
    name: "edit",
    input: { filePath: `${name}.js`, oldString, newString },
  });

  model
    .calls({ name: "list", input: {} })
    .calls({ name: "todowrite", input: { todos: names.map((content) => ({ content, status: "pending", priority: "high" })) } });
  for (const name of names) model.calls({ name: "read", input: { filePath: `${name}.js` } });
  model
    .calls({ name: "grep", input: { pattern: "a % b" } })
    .calls({ name: "glob", input: { pattern: "*.js" } })
    .calls({ name: "glob", input: { pattern: "*.json" } });
  // The last of the five edits is wrong on purpose.
  for (const name of names.slice(0, 4)) model.calls(edit(name, "a % b", right(name as keyof typeof signs)));
  model
    .calls(edit("power", "a % b", "a ^ b"))
    .calls(bash("npm test > result.txt 2>&1"))
    .calls({ name: "grep", input: { pattern: "not equal|deep-equal|actual", path: "result.txt" } });
  model
    .calls({ name: "read", input: { filePath: "result.txt" } })
    .calls(edit("power", "a ^ b", "a ** b"))
    .calls(bash("npm test"));
  for (const name of names) model.calls({ name: "read", input: { filePath: `${name}.js` } });
  model
    .calls({ name: "todoread", input: {} })
    .calls({ name: "todowrite", input: { todos: names.map((content) => ({ content, status: "completed", priority: "high" })) } });
  model.calls(bash("git diff --stat")).calls({ name: "list", input: {} }).text("All five are right, and the test passes.");

  using stream = follow(url);
  await stream.until(({ type }) => type === "server.connected");
  const session = await postJSON<Session>(`${url}/session`, { title: "Arithmetic" });
  const answer = await postJSON<MessageWithParts>(`${url}/session/${session.id}/message`, say("Mend the arithmetic and prove it."));

  expect(answer.parts.find((part) => part.type === "text")).toMatchObject({ text: "All five are right, and the test passes." });
  expect(await repository.read("power.js")).toContain("a ** b");
  const messages = await getJSON<MessageWithParts[]>(`${url}/session/${session.id}/message`);
  const steps = messages.filter(({ info }) => info.role === "assistant");
  expect(steps).toHaveLength(30);
  const tools = messages.flatMap(({ parts }) => parts).flatMap((part) => (part.type === "tool" ? [part] : []));
  expect(tools.map(({ state }) => state.status)).toEqual(Array.from({ length: 29 }, () => "completed"));
  const runs = tools.filter(({ tool }) => tool === "bash").map(({ state }) => state.status === "completed" && state.metadata.exit);
  expect(runs).toEqual([1, 0, 0]);
  expect(await getJSON(`${url}/session/${session.id}/todo`)).toHaveLength(5);
  expect(new Set(stream.events.flatMap(({ id }) => id ?? [])).size).toBe(stream.events.filter(({ id }) => id !== undefined).length);
});
