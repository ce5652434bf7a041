import { expect, test } from "vitest";
import { type MockModel, mockModel } from "../helpers/model.ts";
import { programWorkspace } from "../helpers/program.ts";

/** A workspace whose only provider is the mock. */
const workspaceOn = (model: MockModel) =>
  programWorkspace({ files: { "opencode.json": JSON.stringify(model.config()), "a.txt": "seed\n" } });
const chosen = ["--model", "mock/mock-1"];

test("the answer is on stdout word for word, however finely it is streamed", async () => {
  await using model = await mockModel();
  await using workspace = await workspaceOn(model);
  const answer = "A marmalade of words, æøå and 柑橘, in small pieces.";
  model.calls({ name: "read", input: { filePath: "a.txt" } }, { text: "I look.", chunkSize: 2 }).text(answer, { chunkSize: 3, latency: 2 });
  const { code, stdout } = await workspace.run(["run", ...chosen, "go"]);
  expect({ code, stdout }).toEqual({ code: 0, stdout: `I look.\n${answer}\n` });
});

test("the configured model needs no flag, in a pipe either", async () => {
  await using model = await mockModel();
  await using workspace = await workspaceOn(model);
  model.text("Here.");
  expect(await workspace.run(["run", "go"])).toMatchObject({ code: 0, stdout: "Here.\n" });
});

test("text is printed while the model still writes, and Ctrl-C ends the model's stream", async () => {
  await using model = await mockModel();
  await using workspace = await workspaceOn(model);
  model.hang("Half of an ans");
  await using program = await workspace.start(["run", ...chosen, "go"]);
  await program.seen("stdout", /Half of an ans/);
  program.kill("SIGINT");
  expect((await program.exited).code).toBe(130);
  expect(program.stdout()).toBe("Half of an ans\n");
  await model.hungUp();
});

test("a reader that goes away ends the run", async () => {
  await using model = await mockModel();
  await using workspace = await workspaceOn(model);
  model.text("word ".repeat(2_000), { chunkSize: 5, latency: 5 });
  await using program = await workspace.start(["run", ...chosen, "go"]);
  await program.seen("stdout", /word/);
  program.hangUp();
  expect((await program.exited).code).toBe(130);
  expect(program.stderr()).not.toContain("EPIPE");
});

test("a provider that refuses the key ends with 7 and one line beside the header", async () => {
  await using model = await mockModel();
  await using workspace = await workspaceOn(model);
  model.error(401, { message: "Incorrect API key provided" });
  const { code, stdout, stderr } = await workspace.run(["run", ...chosen, "go"]);
  expect({ code, stdout }).toEqual({ code: 7, stdout: "" });
  expect(stderr.trimEnd().split("\n")).toEqual([
    expect.stringContaining("mock/mock-1"),
    expect.stringContaining("Incorrect API key provided"),
  ]);
});

test("an input that is left open and silent does not hold the run", async () => {
  await using model = await mockModel();
  await using workspace = await workspaceOn(model);
  model.text("Here.");
  const { code, stderr } = await workspace.run(["run", ...chosen, "go"], { input: { open: true } });
  expect(code).toBe(0);
  expect(stderr).toContain("standard input");
});
