import { expect, test } from "vitest";
import { programWorkspace } from "../helpers/program.ts";

test("deleting several sessions deletes none when one of them is not there", async () => {
  await using workspace = await programWorkspace();
  await workspace.run(["run", "--model", "offline/guide", "list"]);
  const [session] = JSON.parse((await workspace.run(["session", "list", "--json"])).stdout);
  const ended = await workspace.run(["session", "delete", session.id, "ses_unknown"]);
  expect(ended).toMatchObject({ code: 2, stderr: expect.stringContaining("ses_unknown") });
  expect((await workspace.run(["session", "list"])).stdout).toContain(session.id);
  expect(await workspace.run(["session", "list", "jar"])).toMatchObject({ code: 2, stderr: expect.stringContaining("--search") });
});
