import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { z } from "zod";
import { builtinTools, runTool } from "../src/tool/registry.ts";
import { defineTool } from "../src/tool/tool.ts";
import { workbench } from "./helpers/tool.ts";

test("the built-in tools have the reference's names and inputs, and a prompt", () => {
  const inputs = Object.fromEntries(builtinTools().map(({ id, input }) => [id, Object.keys(z.toJSONSchema(input).properties ?? {})]));
  expect(inputs).toEqual({
    bash: ["command", "timeout", "workdir", "description", "background"],
    process: ["action", "id", "wait"],
    read: ["filePath", "offset", "limit"],
    write: ["filePath", "content"],
    edit: ["filePath", "oldString", "newString", "replaceAll"],
    glob: ["pattern", "path"],
    grep: ["pattern", "path", "include"],
    list: ["path", "ignore"],
    todowrite: ["todos"],
    todoread: [],
    apply_patch: ["patchText"],
    webfetch: ["url", "format", "timeout"],
    question: ["questions"],
    task: ["description", "prompt", "subagent_type", "task_id"],
    skill: ["name"],
  });
  for (const { id, description } of builtinTools()) expect(description.length, id).toBeGreaterThan(80);
});

test("a wrong input is refused in words that name the field and what the tool takes", async () => {
  await using bench = await workbench();
  const error = await bench.fault("read", { path: "a.txt", offset: "two" });
  expect(error.name).toBe("BadRequest");
  expect(error.message).toContain("- filePath: ");
  expect(error.message).toContain("- offset: ");
  expect(error.message).toContain("It takes: filePath, offset (optional), limit (optional). Given: path, offset.");
  expect((await bench.fault("read", "a.txt")).message).toContain("- input: ");
  expect((await bench.fault("todowrite", { todos: [{ content: "a", status: "done", priority: "low" }] })).message).toContain(
    "- todos[0].status: ",
  );
  expect(bench.asks).toEqual([]);
});

const loud = (output: string) =>
  defineTool({
    id: "loud",
    description: "",
    input: z.object({}),
    repeatable: true,
    execute: async () => ({ title: "", output, metadata: { a: 1 } }),
  });

test("output over the limit of lines is cut to its beginning; the full text is on disk", async () => {
  await using bench = await workbench();
  const full = Array.from({ length: 3_000 }, (_, index) => `line ${index}`).join("\n");
  const result = await runTool(loud(full), {}, bench.context);
  const path = String(result.metadata.outputPath);
  expect(await readFile(path, "utf8")).toBe(full);
  expect(path.startsWith(bench.outside("output"))).toBe(true);
  expect(result.metadata).toEqual({ a: 1, truncated: true, outputPath: path });
  expect(result.output.startsWith("line 0\nline 1\n")).toBe(true);
  expect(result.output).toContain("line 1999\n\n(Output cut: this is its beginning; it has 3000 lines");
  expect(result.output).toContain(path);
});

test("output over the limit of bytes is cut at a whole character", async () => {
  await using bench = await workbench();
  const result = await runTool(loud("€".repeat(40_000)), {}, bench.context);
  expect(result.metadata.truncated).toBe(true);
  expect(result.output).not.toContain("\uFFFD");
  expect(Buffer.byteLength(result.output)).toBeLessThan(52 * 1024);
});

test("output within the limit is left as it is", async () => {
  await using bench = await workbench();
  expect(await runTool(loud("short"), {}, bench.context)).toEqual({
    title: "",
    output: "short",
    metadata: { a: 1, truncated: false },
  });
});

test("what the system refuses reaches the model with what is in the way", async () => {
  await using bench = await workbench({ "file.txt": "" });
  const error = await bench.fault("write", { filePath: "file.txt/below.txt", content: "" });
  expect(error.name).toBe("BadRequest");
  expect(error.message).toMatch(/file\.txt is not a directory$/);
});

test("todos are written as a whole, without their labels, and read back", async () => {
  await using bench = await workbench();
  const todos = [
    { content: "one", status: "completed", priority: "high" },
    { content: "two", status: "in_progress", priority: "low" },
  ];
  const written = await bench.run("todowrite", { todos: todos.map((todo, index) => ({ ...todo, id: String(index) })) });
  expect(written).toEqual({ title: "1 todos", output: JSON.stringify(todos, null, 2), metadata: { todos, truncated: false } });
  expect(await bench.run("todoread", {})).toEqual(written);
  expect(bench.asks[0]).toEqual({ permission: "todowrite", patterns: ["*"], always: ["*"], metadata: {} });
});
