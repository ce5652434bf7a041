import { describe, expect, test } from "vitest";
import { freePort, portHolder } from "../helpers/port.ts";
import { programWorkspace } from "../helpers/program.ts";

const files = { "README.md": "# Marmalade\n\nA jar of oranges.\n", "src/jar.ts": "export const jar = 1;\n" };
const offline = ["--model", "offline/guide"];

describe("serve", () => {
  test.each([
    ["SIGTERM", 0],
    ["SIGHUP", 0],
    ["SIGINT", 130],
  ] as const)("%s ends it in order with exit code %i", async (signal, code) => {
    await using workspace = await programWorkspace({ files });
    await using server = await workspace.start(["serve", "--port=0"]);
    await server.listening();
    server.kill(signal);
    expect(await server.exited).toEqual({ code, signal: null });
  });

  test("tells what the trusted configuration will run", async () => {
    const config = { mcp: { notes: { type: "local", command: ["notes-server", "--stdio"] } } };
    await using workspace = await programWorkspace({ files: { "opencode.json": JSON.stringify(config) } });
    await using server = await workspace.start(["serve", "--port=0"]);
    await server.seen("stderr", /configuration runs mcp notes: notes-server --stdio/);
  });

  test("does not listen beyond this machine without a password", async () => {
    await using workspace = await programWorkspace();
    const { code, stderr, stdout } = await workspace.run(["serve", "--hostname", "0.0.0.0", "--port", "0"]);
    expect({ code, stdout }).toEqual({ code: 3, stdout: "" });
    expect(lines(stderr)).toEqual([expect.stringMatching(/OPENCODE_SERVER_PASSWORD.*--unsafe-no-password/)]);
  });

  test("refuses a port that is none", async () => {
    await using workspace = await programWorkspace();
    const { code, stderr } = await workspace.run(["serve", "--port", "80k"]);
    expect(code).toBe(2);
    expect(lines(stderr)).toEqual([expect.stringContaining("--port")]);
  });

  test("says that its store cannot be opened", async () => {
    await using workspace = await programWorkspace({ files: { "store.db": "no database at all, by any means".repeat(100) } });
    const { code, stderr } = await workspace.run(["serve", "--port", "0", "--db", "store.db"]);
    expect(code).toBe(3);
    expect(lines(stderr)).toEqual([expect.stringMatching(/store\.db.*--db/)]);
  });

  test("says that its port is taken", async () => {
    await using workspace = await programWorkspace();
    await using other = await portHolder();
    const { code, stderr } = await workspace.run(["serve", "--port", String(other.port)]);
    expect(code).toBe(4);
    expect(lines(stderr)).toEqual([expect.stringContaining(String(other.port))]);
  });
});

describe("run", () => {
  test("in a pipe without a model ends with 7 and one line that says what to set", async () => {
    await using workspace = await programWorkspace({ files });
    const { code, stdout, stderr } = await workspace.run(["run", "list the files"], { input: "" });
    expect({ code, stdout }).toEqual({ code: 7, stdout: "" });
    expect(lines(stderr)).toEqual([expect.stringMatching(/OPENAI_API_KEY.*ANTHROPIC_API_KEY.*opencode\.json.*--model/)]);
  });

  test("prints an event a line with --format json", async () => {
    await using workspace = await programWorkspace({ files });
    const { stdout } = await workspace.run(["run", ...offline, "--format", "json", "read README.md"]);
    const events = lines(stdout).map((line) => JSON.parse(line));
    expect(events.map((event) => event.type)).toEqual(expect.arrayContaining(["step_start", "tool_use", "text", "step_finish"]));
    expect(new Set(events.map((event) => event.sessionID)).size).toBe(1);
  });

  test("takes the prompt from its input", async () => {
    await using workspace = await programWorkspace({ files });
    const { code, stdout } = await workspace.run(["run", ...offline], { input: "read README.md\n" });
    expect(code).toBe(0);
    expect(stdout).toContain("Marmalade");
  });

  test("goes on with the newest session", async () => {
    await using workspace = await programWorkspace({ files });
    const sessionOf = async (...words: string[]) => {
      const { stdout } = await workspace.run(["run", ...offline, "--format", "json", ...words]);
      return JSON.parse(lines(stdout)[0] ?? "{}").sessionID;
    };
    const first = await sessionOf("read README.md");
    expect(await sessionOf("--continue", "read src/jar.ts")).toBe(first);
    expect(await sessionOf("--session", first, "read src/jar.ts")).toBe(first);
    expect(await sessionOf("read README.md")).not.toBe(first);
  });

  test("ends with 6 when a permission is refused, and runs the command when it is allowed", async () => {
    const config = { permission: { bash: "ask" } };
    await using workspace = await programWorkspace({ files: { ...files, "opencode.json": JSON.stringify(config) } });
    const refused = await workspace.run(["run", ...offline, "run `touch made.txt`"]);
    expect(refused.code).toBe(6);
    await expect(workspace.repository.read("made.txt")).rejects.toThrow("ENOENT");
    const allowed = await workspace.run(["run", ...offline, "--on-ask", "allow", "run `touch made.txt`"]);
    expect(allowed.code).toBe(0);
    expect(await workspace.repository.read("made.txt")).toBe("");
  });

  test("is interrupted by SIGINT and by its time-out, and leaves no command behind", async () => {
    const config = { permission: { bash: "allow" } };
    await using workspace = await programWorkspace({ files: { ...files, "opencode.json": JSON.stringify(config) } });
    await using interrupted = await workspace.start(["run", ...offline, "run `echo $$ > pid; exec sleep 600`"]);
    await interrupted.seen("stderr", /\| bash/);
    interrupted.kill("SIGINT");
    expect((await interrupted.exited).code).toBe(130);
    const timedOut = await workspace.run(["run", ...offline, "--timeout", "2", "run `echo $$ > pid; exec sleep 600`"]);
    expect(timedOut.code).toBe(124);
    const pid = Number(await workspace.repository.read("pid"));
    expect(() => process.kill(pid, 0)).toThrow("ESRCH");
  });

  test.each([
    [["--session", "ses_unknown", "hello"], /ses_unknown/],
    [["--agent", "nobody", "hello"], /nobody/],
    [["--model", "offline/none", "hello"], /offline\/none|none/],
  ])("ends with one line for what does not exist: %j", async (words, message) => {
    await using workspace = await programWorkspace({ files });
    const { code, stderr } = await workspace.run(["run", ...offline, ...words]);
    expect(code).toBe(2);
    expect(lines(stderr)).toEqual([expect.stringMatching(message)]);
  });
});

describe("run --attach", () => {
  const password = { OPENCODE_SERVER_PASSWORD: "peel" };

  test("streams the answer of a running server", async () => {
    await using workspace = await programWorkspace({ files });
    await using server = await workspace.start(["serve", "--port=0"], { env: password });
    const url = await server.listening();
    const { code, stdout } = await workspace.run(["run", "--attach", url, ...offline, "read README.md"], { env: password });
    expect(code).toBe(0);
    expect(stdout).toContain("Marmalade");
    const refused = await workspace.run(["run", "--attach", url, ...offline, "read README.md"]);
    expect(refused).toMatchObject({ code: 5, stdout: "" });
    expect(lines(refused.stderr)).toEqual([expect.stringContaining("OPENCODE_SERVER_PASSWORD")]);
    const inUrl = await workspace.run(["run", "--attach", url.replace("://", "://opencode:peel@"), ...offline, "read README.md"]);
    expect(inUrl.code).toBe(0);
  });

  test("says that no server is there", async () => {
    await using workspace = await programWorkspace();
    const free = await freePort();
    const { code, stderr } = await workspace.run(["run", "--attach", `http://127.0.0.1:${free}`, "hello"]);
    expect(code).toBe(4);
    expect(lines(stderr)).toEqual([expect.stringContaining("codeport serve")]);
  });
});

test("an unknown command is answered with the nearest one", async () => {
  await using workspace = await programWorkspace();
  expect(await workspace.run(["sreve"])).toEqual({
    code: 2,
    stdout: "",
    stderr: 'codeport: Unknown command "sreve". Did you mean serve?\n',
  });
});

test("help and version go to stdout", async () => {
  await using workspace = await programWorkspace();
  expect(await workspace.run(["--help"])).toMatchObject({ code: 0, stdout: expect.stringContaining("codeport serve"), stderr: "" });
  expect(await workspace.run(["--version"])).toMatchObject({ code: 0, stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/), stderr: "" });
});

function lines(text: string): string[] {
  return text.split("\n").filter((line) => line !== "");
}
