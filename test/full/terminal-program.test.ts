import { expect, test } from "vitest";
import { verifies } from "../conformance/verifies.ts";
import { mockModel } from "../helpers/model.ts";
import { processesIn } from "../helpers/process.ts";
import { programWorkspace } from "../helpers/program.ts";
import { testServer } from "../helpers/server.ts";

verifies(["opencode attach URL"], "a prompt typed in a terminal is answered by the server and stays there", async () => {
  await using server = await testServer();
  server.model.text("Marmalade is **ready**.");
  await using workspace = await programWorkspace();
  await using terminal = workspace.terminal(["attach", server.url], { columns: 80, rows: 20 });
  await terminal.shows(/connected/);
  terminal.write("cook\r");
  const screen = await terminal.shows(/ready · .*tokens/);
  expect(screen).toMatch(/▌ cook\n\nMarmalade is ready\./);
  const [session] = (await (await fetch(`${server.url}/session`)).json()) as { id: string }[];
  const messages = (await (await fetch(`${server.url}/session/${session?.id}/message`)).json()) as { info: { role: string } }[];
  expect(messages.map(({ info }) => info.role)).toEqual(["user", "assistant"]);
  terminal.write("\u0003");
  expect(await terminal.exited).toEqual({ code: 0 });
  expect(terminal.isAlternate()).toBe(false);
  expect(terminal.screen().replaceAll("\n", "")).toContain(`--session ${session?.id}`);
});

verifies(["opencode alone"], "starts a server and the terminal client on it, and leaves nothing when it ends", async () => {
  await using model = await mockModel();
  model.text("Both are here.");
  await using workspace = await programWorkspace({ files: { "opencode.json": JSON.stringify(model.config()) } });
  await using terminal = workspace.terminal([], { columns: 60, rows: 20 });
  await terminal.shows(/connected/);
  terminal.write("hello\r");
  await terminal.shows(/Both are here\.[\s\S]*ready/);
  terminal.write("/exit\r");
  expect(await terminal.exited).toEqual({ code: 0 });
  expect(processesIn(workspace.repository.path)).toEqual([]);
});

test.each([["attach", "http://127.0.0.1:9"], []])("in a pipe it ends with 2 and one line: %j", async (...words) => {
  await using workspace = await programWorkspace();
  const { code, stdout, stderr } = await workspace.run(words);
  expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
  expect(stderr).toMatch(/^codeport: .*needs a terminal: codeport run .*\n$/);
});
