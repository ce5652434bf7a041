import { pathToFileURL } from "node:url";
import { expect, test } from "vitest";
import { isRunning } from "../helpers/process.ts";
import { programWorkspace } from "../helpers/program.ts";

const bundle = pathToFileURL("dist/server.js").href;
const parent = `
  const { spawnServer } = await import(${JSON.stringify(bundle)});
  const { pid } = await spawnServer();
  console.log("server " + pid);
  setInterval(() => {}, 60_000);
`;

test("a spawned server ends with the program that spawned it, though that was killed", async () => {
  await using workspace = await programWorkspace();
  await using program = await workspace.launch(["node", "--input-type=module", "--eval", parent]);
  const [, pid] = await program.seen("stdout", /server (\d+)\n/);
  program.kill("SIGKILL");
  await expect.poll(() => isRunning(Number(pid)), { timeout: 20_000 }).toBe(false);
});
