import { execFile } from "node:child_process";
import { chmod, readFile } from "node:fs/promises";
import { delimiter, dirname, join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import { checkCassetteFlags } from "../../src/cli/replay.ts";
import { temporaryDirectory } from "../helpers/directory.ts";
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

describe("the page about cassettes", () => {
  it.skipIf(process.platform === "win32")(
    "has commands and programs that run as they stand",
    async () => {
      const page = await readFile(join(import.meta.dirname, "..", "..", "docs", "cassettes.md"), "utf8");
      const blocks = [...page.matchAll(/^```(\w+)\n(.*?)^```$/gms)].map(([, language, text = ""]) => ({ language, text }));
      await using workspace = await programWorkspace();
      await using bin = await temporaryDirectory();
      const launcher = join(import.meta.dirname, "..", "..", "bin", "codeport.js");
      await bin.write({ codeport: `#!/bin/sh\nexec "${process.execPath}" "${launcher}" "$@"\n` });
      await chmod(bin.join("codeport"), 0o755);
      for (const { language, text } of blocks) {
        const [, name] = /^\/\/ (\S+)\n/.exec(text) ?? [];
        if (language === "js" && name !== undefined) await workspace.repository.write({ [name]: text });
      }
      const script = blocks.flatMap(({ language, text }) => (language === "sh" ? [text] : [])).join("\n");
      const path = [bin.path, dirname(process.execPath), process.env.PATH].join(delimiter);
      const env = {
        HOME: workspace.home,
        XDG_DATA_HOME: join(workspace.home, "data"),
        XDG_CONFIG_HOME: join(workspace.home, "config"),
        PATH: path,
      };
      const { stdout } = await promisify(execFile)("sh", ["-e", "-c", `exec < /dev/null\n${script}`], {
        cwd: workspace.repository.path,
        env,
      });
      expect(stdout).toContain("pass 1");
    },
    90_000,
  );
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
