import { execFileSync, spawnSync } from "node:child_process";
import { describe, expect, test } from "vitest";
import { commands } from "../../src/cli/arguments.ts";
import { type Finished, programWorkspace, type Workspace } from "../helpers/program.ts";

const files = { "README.md": "# Marmalade\n", "opencode.json": `{"model":"offline/guide"}` };

describe("help", () => {
  test.each(["", ...commands])("of codeport %s is on stdout, and says what it always said", async (command) => {
    await using workspace = await programWorkspace();
    const { code, stdout, stderr } = await workspace.run([...(command === "" ? [] : [command]), "--help"]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toMatchSnapshot();
  });
});

/** What a machine or a moment decides. */
function plain({ code, stdout, stderr }: Finished, { repository, home }: Workspace): object {
  const hide = (text: string) =>
    text
      .replaceAll(repository.path, "<project>")
      .replaceAll(home, "<home>")
      .replace(/\b(ses|msg|prt|tok)_\w+/g, "<$1>")
      .replace(/\d{4}-\d\d-\d\d \d\d:\d\d/g, "<time>");
  return { code, stdout: hide(stdout), stderr: hide(stderr) };
}

const lines: [string, string[], string?][] = [
  ["no such command", ["sesion", "list"]],
  ["no such action", ["session", "lst"]],
  ["no such flag", ["models", "--jsn"]],
  ["an action without what it is about", ["session", "show"]],
  ["an unknown session", ["session", "show", "ses_00000000000000000000000000"]],
  ["no sessions", ["session", "list"]],
  ["no sessions, as data", ["session", "list", "--json"]],
  ["something that is no export", ["session", "import"], "{}"],
  ["the models that can be called", ["models"]],
  ["a provider that is not known", ["models", "offlin"]],
  ["the agents", ["agent", "list"]],
  ["no MCP servers", ["mcp", "list"]],
  ["an MCP server without a command", ["mcp", "add", "notes"]],
  ["the logins", ["auth", "list"]],
  ["a login without a key", ["auth", "login", "openai"], ""],
  ["a login", ["auth", "login", "openai"], "sk-1234"],
  ["nothing to log out from", ["auth", "logout", "anthropic"]],
  ["where settings come from", ["config", "--explain", "--port", "5000"]],
  ["a server that is not there", ["session", "list", "--attach", "http://127.0.0.1:1"]],
  ["an address that is none", ["models", "--attach", "localhost"]],
  ["a certificate without its key", ["serve", "--tls-cert", "cert.pem"]],
  ["a certificate that is not there", ["serve", "--tls-cert", "cert.pem", "--tls-key", "key.pem"]],
  ["a prompt with a file that is not there", ["run", "--file", "nowhere.txt", "read it"]],
  ["a fork of nothing", ["run", "--fork", "go on"]],
  ["questions that nobody could answer", ["run", "--on-ask", "wait", "go on"]],
  ["an answer to questions that there is not", ["run", "--on-ask", "alow", "go on"]],
  ["completions for no shell", ["completion", "tcsh"]],
];

test.each(lines)("%s: exit code, data on stdout, talk on stderr", async (_, words, input) => {
  await using workspace = await programWorkspace({ files });
  expect(plain(await workspace.run(words, { input }), workspace)).toMatchSnapshot();
});

test("a session is made, continued, forked, exported, deleted and imported again", async () => {
  await using workspace = await programWorkspace({ files });
  const { run } = workspace;
  expect((await run(["run", "--title", "First", "read README.md"])).stdout).toContain("Marmalade");
  expect((await run(["run", "--continue", "--fork", "--file", "README.md", "list the files"])).code).toBe(0);
  const sessions: { id: string; title: string }[] = JSON.parse((await run(["session", "list", "--json"])).stdout);
  expect(sessions.map(({ title }) => title).toSorted()).toEqual(["First", "First (fork #1)"]);
  const [newest] = sessions;
  const exported = (await run(["session", "export", newest?.id ?? ""])).stdout;
  expect(JSON.parse(exported).messages.length).toBeGreaterThanOrEqual(4);
  await run(["session", "delete", ...sessions.map(({ id }) => id)]);
  expect((await run(["session", "list"])).stdout).toBe("");
  const imported = await run(["session", "import"], { input: exported });
  const shown = await run(["session", "show", imported.stdout.trim()]);
  expect(plain(shown, workspace)).toMatchObject({ code: 0, stdout: expect.stringContaining("Marmalade") });
});

test("web says where the page is, and serve its addresses, on stderr alone", async () => {
  await using workspace = await programWorkspace({ files });
  await using server = await workspace.start(["web", "--port", "0", "--no-open", "--qr"]);
  const url = await server.listening();
  await server.seen("stderr", /▄/);
  expect(server.stderr()).toContain(
    `local: ${url}\nweb: ${url}/web/\ndocs: ${url}/doc\ntrpc: ${url}/trpc\nwebsocket: ${url.replace("http", "ws")}/ws\n`,
  );
  expect(server.stdout()).toBe(`opencode server listening on ${url}\n`);
});

const canCertify = spawnSync("openssl", ["version"]).status === 0;

test.skipIf(!canCertify)(
  "serve announces itself in the network while it runs, and speaks TLS to those who trust its certificate",
  async () => {
    await using workspace = await programWorkspace({ files });
    const words =
      "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -keyout key.pem -out cert.pem -days 2 -subj /CN=localhost";
    execFileSync("openssl", [...words.split(" "), "-addext", "subjectAltName=IP:127.0.0.1"], {
      cwd: workspace.repository.path,
      stdio: "ignore",
    });
    const tls = ["--tls-cert", "cert.pem", "--tls-key", "key.pem"];
    await using server = await workspace.start(["serve", "--port", "0", "--hostname", "127.0.0.1", "--mdns", ...tls]);
    const url = await server.listening();
    expect(url).toMatch(/^https:/);
    await server.seen("stderr", new RegExp(`^mdns: opencode.local, as opencode-${new URL(url).port}$`, "m"));
    const run = ["run", "--attach", url, "read README.md"];
    expect(await workspace.run(run)).toMatchObject({ code: 4, stdout: "" });
    const trusting = { env: { NODE_EXTRA_CA_CERTS: "cert.pem" } };
    expect(await workspace.run(run, trusting)).toMatchObject({ code: 0, stdout: expect.stringContaining("Marmalade") });
    server.kill("SIGTERM");
    expect(await server.exited).toEqual({ code: 0, signal: null });
  },
);
