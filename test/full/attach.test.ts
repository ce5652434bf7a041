import { describe, expect, test } from "vitest";
import { mockModel } from "../helpers/model.ts";
import { freePort } from "../helpers/port.ts";
import { processesIn } from "../helpers/process.ts";
import { programWorkspace } from "../helpers/program.ts";

const asks = { permission: { bash: "ask" } };
const [enter, escapeKey, down, up, ctrlC] = ["\r", "\u001b", "\u001b[B", "\u001b[A", "\u0003"];

/** A served repository with a scripted model, and a terminal attached to it that has shown that it is connected. */
async function attached({ words = [], env, columns = 90 }: { words?: string[]; env?: NodeJS.ProcessEnv; columns?: number } = {}) {
  const model = await mockModel();
  const files = { "opencode.json": JSON.stringify({ ...model.config(), ...asks }) };
  const workspace = await programWorkspace({ files });
  const port = await freePort();
  const serve = async () => {
    const server = await workspace.start(["serve", "--port", String(port)], { env });
    await server.listening();
    return server;
  };
  const server = await serve();
  const url = `http://127.0.0.1:${port}`;
  const terminal = workspace.terminal(["attach", url, ...words], { columns, rows: 30, env });
  await terminal.shows(/connected/);
  const post = async (path: string, body: unknown) => {
    const response = await fetch(url + path, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
    });
    if (!response.ok) throw new Error(`${path} answered ${response.status}: ${await response.text()}`);
    return response.json();
  };
  return {
    ...{ model, workspace, server, serve, terminal, url, post },
    async [Symbol.asyncDispose]() {
      await workspace[Symbol.asyncDispose]();
      await model[Symbol.asyncDispose]();
    },
  };
}

describe("attach", () => {
  test("shows an answer while it is written, and an interrupted one as such", async () => {
    await using it = await attached();
    it.model.hang("The first words");
    it.terminal.write(`tell me${enter}`);
    await it.terminal.shows(/▌ tell me\n\nThe first words[\s\S]*working/);
    it.terminal.write(escapeKey);
    await it.terminal.shows(/■ Interrupted[\s\S]*ready/);
  });

  test("asks for a permission and does what is answered, with words to a refusal", async () => {
    await using it = await attached();
    it.model.calls({ name: "bash", input: { command: "echo hidden > made.txt", description: "Make a file" } }).text("Then not.");
    it.model.calls({ name: "bash", input: { command: "echo seen > made.txt", description: "Make a file" } }).text("Made.");
    it.terminal.write(`make it${enter}`);
    await it.terminal.shows(/△ Permission: bash\n {2}echo hidden > made\.txt/);
    it.terminal.write(`${up}${enter}`);
    await it.terminal.shows(/Why not\?/);
    it.terminal.write(`not hidden${enter}`);
    await it.terminal.shows(/⊘ bash .*denied[\s\S]*not hidden[\s\S]*Then not\.[\s\S]*ready/);
    it.terminal.write(`again${enter}`);
    await it.terminal.shows(/△ Permission/);
    it.terminal.write(down);
    await it.terminal.shows(/› Allow once/);
    it.terminal.write(enter);
    await it.terminal.shows(/● bash echo seen[\s\S]*Made\.[\s\S]*ready/);
    expect(await it.workspace.repository.read("made.txt")).toBe("seen\n");
  });

  test("allows for the session what is like it, and asks no second time", async () => {
    await using it = await attached();
    const bash = (text: string) => ({ name: "bash", input: { command: `echo ${text}`, description: "Say it" } });
    it.model.calls(bash("one")).calls(bash("two")).text("Both.");
    it.terminal.write(`say both${enter}`);
    await it.terminal.shows(/△ Permission/);
    it.terminal.write(down + down);
    await it.terminal.shows(/› For this session: echo \*\n {2}Always: echo \*/);
    it.terminal.write(enter);
    await it.terminal.shows(/● bash echo two[\s\S]*Both\.[\s\S]*ready/);
  });

  test("answers questions with options and own words", async () => {
    const questions = [
      {
        header: "Fruit",
        question: "Which fruit?",
        options: [
          { label: "Orange", description: "Bitter" },
          { label: "Lemon", description: "" },
        ],
      },
      { header: "Sugar", question: "How much?", options: [{ label: "A lot", description: "" }] },
    ];
    await using it = await attached();
    it.model.calls({ name: "question", input: { questions } }).text("Thank you.");
    it.terminal.write(`ask me${enter}`);
    await it.terminal.shows(/\? Fruit \(1\/2: ←→\)\nWhich fruit\?\n {2}Orange — Bitter/);
    it.terminal.write(`${down}${enter}`);
    await it.terminal.shows(/How much\?/);
    it.terminal.write(`${up}${enter}`);
    await it.terminal.shows(/In your own words/);
    it.terminal.write(`half a pound${enter}`);
    await it.terminal.shows(/Thank you\.[\s\S]*ready/);
    expect(JSON.stringify(it.model.requests().at(-1)?.body.messages)).toMatch(/Orange.*half a pound/);
  });

  test("is driven from outside: text, submit, notices, lists, sessions, the control queue", async () => {
    await using it = await attached();
    it.model.text("From the editor.");
    const { id } = (await it.post("/session", { title: "Another jar" })) as { id: string };
    await it.post("/tui/append-prompt", { text: "fix " });
    await it.post("/tui/append-prompt", { text: "@a.ts" });
    await it.terminal.shows(/> fix @a\.ts/);
    expect(await it.post("/tui/control", { path: "/state", body: {} })).toMatchObject({ prompt: "fix @a.ts", connection: "open" });
    await it.post("/tui/submit-prompt", {});
    await it.terminal.shows(/▌ fix @a\.ts\n\nFrom the editor\./);
    await it.post("/tui/show-toast", { message: "Saved", variant: "success" });
    await it.terminal.shows(/▸ Saved/);
    await it.post("/tui/open-sessions", {});
    await it.terminal.shows(/Sessions\nFind:[\s\S]*Another jar/);
    it.terminal.write(escapeKey);
    await it.post("/tui/select-session", { sessionID: id });
    await it.terminal.shows(/^Another jar\n/);
    expect(await it.post("/tui/control", { path: "/nowhere", body: {} })).toMatchObject({ error: expect.stringContaining("/state") });
    await it.post("/tui/open-themes", {});
    await it.terminal.shows(/has no theme/);
  });

  test("says that the server is gone, and goes on when it is back, with what it missed", async () => {
    await using it = await attached();
    it.model.text("Before.").text("Meanwhile.").text("After.");
    it.terminal.write(`one${enter}`);
    await it.terminal.shows(/Before\.[\s\S]*ready/);
    const [session] = (await (await fetch(`${it.url}/session`)).json()) as { id: string }[];
    it.server.kill("SIGKILL");
    await it.terminal.shows(/lost: The server cannot be reached\./);
    it.terminal.kill("SIGSTOP");
    await using _again = await it.serve();
    await it.post(`/session/${session?.id}/message`, { parts: [{ type: "text", text: "two" }] });
    it.terminal.kill("SIGCONT");
    await it.terminal.shows(/Before\.[\s\S]*▌ two\n\nMeanwhile\.[\s\S]*Connected again\. 2 messages came meanwhile\./);
    it.terminal.write(`three${enter}`);
    await it.terminal.shows(/▌ three\n\nAfter\.[\s\S]*ready .* connected/);
  });

  test("picks sessions, models and agents, and takes a prompt back", async () => {
    await using it = await attached();
    it.model.text("An answer.");
    it.terminal.write(`a question${enter}`);
    await it.terminal.shows(/An answer\.[\s\S]*ready/);
    it.terminal.write(`/undo${enter}`);
    await it.terminal.shows(/2 messages undone; \/redo[\s\S]*> a question/);
    it.terminal.write(ctrlC);
    it.terminal.write(`/redo${enter}`);
    await it.terminal.shows(/▌ a question\n\nAn answer/);
    it.terminal.write(`/mod${enter}`);
    await it.terminal.shows(/Models\nFind:[\s\S]*Mock .*mock\/mock-1/);
    it.terminal.write(enter);
    it.terminal.write("\t");
    await it.terminal.shows(/── plan ──/);
    it.terminal.write(`/new${enter}`);
    await it.terminal.shows(/^New session\n/);
    it.terminal.write(`/sessions${enter}`);
    await it.terminal.shows(/Mock title/);
    it.terminal.write(enter);
    await it.terminal.shows(/^Mock title\n▌ a question/);
    it.terminal.write(`/nothing${enter}`);
    await it.terminal.shows(/There is no command \/nothing/);
  });

  test("goes on with the newest session, in 40 columns and without colour", async () => {
    await using first = await attached({ columns: 40, env: { NO_COLOR: "1" } });
    first.model.text("A fairly long answer that needs several lines here.");
    first.terminal.write(`hello${enter}`);
    await first.terminal.shows(/A fairly long answer that needs several\nlines here\.[\s\S]*ready/);
    expect(
      first.terminal
        .output()
        .split("\u001b[")
        .filter((code) => /^[349]\dm/.test(code)),
    ).toEqual([]);
    await using second = first.workspace.terminal(["attach", first.url, "--continue"], { columns: 40 });
    await second.shows(/▌ hello\n\nA fairly long answer/);
    second.resize(60, 20);
    await second.shows(/A fairly long answer that needs several lines here\./);
  });

  test("logs in with a password or a token, and says what is missing", async () => {
    await using it = await attached({ env: { OPENCODE_SERVER_PASSWORD: "marmalade" } });
    await using refused = it.workspace.terminal(["attach", it.url]);
    await refused.shows(/asks for a password: set OPENCODE_SERVER_PASSWORD/);
    expect(await refused.exited).toEqual({ code: 5 });
    const created = await it.workspace.run(["token", "create", "--scope", "prompt", "--json"]);
    const { secret } = JSON.parse(created.stdout) as { secret: string };
    await using byToken = it.workspace.terminal(["attach", it.url, "--token", secret]);
    await byToken.shows(/connected/);
  });

  test.each(["SIGTERM", "SIGHUP"] as const)("%s gives the terminal back and leaves nothing", async (signal) => {
    await using it = await attached();
    it.terminal.kill(signal);
    expect(await it.terminal.exited).toEqual({ code: 0 });
    expect(it.terminal.isAlternate()).toBe(false);
    expect(processesIn(it.workspace.repository.path)).toEqual([it.server.pid]);
  });
});

describe("the program alone", () => {
  test("serves other programs at the port that was named", async () => {
    await using model = await mockModel();
    await using workspace = await programWorkspace({ files: { "opencode.json": JSON.stringify(model.config()) } });
    const port = await freePort();
    await using terminal = workspace.terminal(["--port", String(port)]);
    await terminal.shows(/connected/);
    const body = JSON.stringify({ text: "from outside" });
    await fetch(`http://127.0.0.1:${port}/tui/append-prompt`, { method: "POST", headers: { "content-type": "application/json" }, body });
    await terminal.shows(/> from outside/);
    terminal.write(`${ctrlC}${ctrlC}`);
    expect(await terminal.exited).toEqual({ code: 0 });
    expect(processesIn(workspace.repository.path)).toEqual([]);
  });
});
