import { describe, expect, it } from "vitest";
import { checkCassetteFlags } from "../../src/cli/replay.ts";
import { mockModel } from "../helpers/model.ts";
import { programWorkspace } from "../helpers/program.ts";

describe("codeport run with a cassette", () => {
  it("records a run with its title, and replays it without model server and key; a changed agent fails with the difference and exit code 7", async () => {
    const model = await mockModel();
    await using workspace = await programWorkspace({ files: { "a.txt": "one\n" } });
    const env = { OPENCODE_CONFIG_CONTENT: JSON.stringify(model.config()) };
    model.calls({ name: "write", input: { filePath: "b.txt", content: "two\n" } }).text("b.txt says two.");
    const recorded = await workspace.run(["run", "--record", "tapes/task.jsonl", "--on-ask", "allow", "write two to b.txt"], { env });
    expect(recorded).toMatchObject({ code: 0, stdout: "b.txt says two.\n" });
    await model[Symbol.asyncDispose]();

    await workspace.repository.git("clean", "--force", "b.txt");
    const words = ["run", "--replay", "tapes/task.jsonl", "--on-ask", "allow", "--db", ":memory:"];
    const replayed = await workspace.run([...words, "write two to b.txt"]);
    expect(replayed).toMatchObject({ code: 0, stdout: "b.txt says two.\n" });
    expect(await workspace.repository.read("b.txt")).toBe("two\n");

    await workspace.repository.write({ "AGENTS.md": "Always answer in rhyme.\n" });
    const changed = await workspace.run([...words, "write two to b.txt"]);
    expect(changed.code).toBe(7);
    expect(changed.stderr).toContain("+Always answer in rhyme.\n");
    expect(changed.stderr.trim().split("\n").at(-1)).toMatch(
      /^codeport: A request differs from call \d of the cassette .*task.jsonl in message 1 \(system\), line \d+\./,
    );
  });

  it.each([
    ["both at once", { record: "a", replay: "b" }, /exclude each other/],
    ["beside --attach", { replay: "a", attach: "http://127.0.0.1:1" }, /no place beside --attach/],
  ])("is a usage error %s", (_, flags, message) => {
    expect(() => checkCassetteFlags(flags)).toThrow(expect.objectContaining({ kind: "usage", message: expect.stringMatching(message) }));
  });

  it("that is not there is a matter of configuration", async () => {
    await using workspace = await programWorkspace();
    const { code, stderr } = await workspace.run(["run", "--replay", "none.jsonl", "hello"]);
    expect([code, stderr]).toEqual([
      3,
      expect.stringMatching(/^codeport: The cassette .*none.jsonl cannot be replayed: there is no such file/),
    ]);
  });
});

describe("codeport run with a budget", () => {
  it("ends with exit code 7 and the cap when it is reached, at once in a session that waits for one", async () => {
    await using model = await mockModel();
    await using workspace = await programWorkspace();
    const env = { OPENCODE_CONFIG_CONTENT: JSON.stringify({ ...model.config(), budget: { session: { tokens: 100 } } }) };
    const reached = expect.stringContaining("codeport: Budget reached: this session's cap is 100 tokens");
    expect(await workspace.run(["run", "--title", "Capped", "hello"], { env })).toMatchObject({ code: 7, stderr: reached });
    expect(await workspace.run(["run", "--continue", "and again"], { env })).toMatchObject({ code: 7, stderr: reached });
    expect(model.requests()).toEqual([]);
  });
});
