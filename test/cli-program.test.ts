import { expect, test } from "vitest";
import { programWorkspace } from "./helpers/program.ts";

const files = { "README.md": "# Marmalade\n\nA jar of oranges.\n", "src/jar.ts": "export const jar = 1;\n" };
const offline = ["--model", "offline/guide"];

test("says where it listens as its first line on stdout, and answers there", async () => {
  await using workspace = await programWorkspace({ files });
  await using server = await workspace.start(["serve", "--hostname=127.0.0.1", "--port=0", "--log-level=INFO"]);
  const url = await server.listening();
  const response = await fetch(`${url}/global/health`);
  expect(await response.json()).toMatchObject({ healthy: true });
  await server.seen("stderr", /model: offline\/guide .*OPENAI_API_KEY/);
  await server.seen("stderr", new RegExp(`roots: .*${workspace.repository.path}`));
  expect(server.stdout()).toBe(`opencode server listening on ${url}\n`);
});

test("answers by real tools, the answer on stdout and the tools on stderr", async () => {
  await using workspace = await programWorkspace({ files });
  const { code, stdout, stderr } = await workspace.run(["run", ...offline, "list the files and read README.md"]);
  expect({ code, stderr }).toMatchObject({ code: 0 });
  expect(stdout).toContain("Marmalade");
  expect(stdout.endsWith("\n")).toBe(true);
  expect(stderr).toMatch(/^\| read .*README\.md/m);
});
