import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { join } from "node:path";
import { expect, test } from "vitest";
import { createPeers } from "../../src/server/peer.ts";

const fixture = (name: string) => join(import.meta.dirname, "../fixtures", name);
/** Root sees through every process: as somebody else, who can read the fixture only where the checkout is open to all. */
const nobody = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {};
const canRun =
  process.platform === "linux" && existsSync("/bin/bash") && spawnSync("test", ["-r", fixture("hiding-callers.ts")], nobody).status === 0;

// A tool that copied curl, took away its own right to read it and called the server with it was taken for a person.
test.runIf(canRun)("a tool's process that nobody may look into is still one of a tool, also without its parents", () => {
  const { stdout, stderr } = spawnSync(process.execPath, [fixture("hiding-callers.ts")], { ...nobody, env: {}, encoding: "utf8" });
  expect(stdout, stderr).toMatch(/^process \d+\nprocess \d+, which cannot be looked into\n$/);
});

// So was one that had put its connection into a queue between two processes when it was looked for.
test.runIf(process.platform === "linux")("a connection that is on its way between two processes is a tool's while one runs", async () => {
  const server = createServer();
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const connection = once(server, "connection");
  const { port } = server.address() as AddressInfo;
  const tool = spawn(process.execPath, [fixture("handing-on.ts"), String(port)], {
    env: { ...process.env, CODEPORT_TOOL: "srv_x" },
    stdio: ["ignore", "pipe", "ignore"],
  });
  const child = once(tool.stdout, "data");
  const ended = once(tool, "exit");
  const [socket] = (await connection) as [Socket];
  await ended;
  expect(await createPeers()(socket)).toMatch(/^unknown: no process is seen/);
  process.kill(Number(String(await child)), "SIGKILL");
  socket.destroy();
  server.close();
});
