import { watch as watchFile } from "node:fs";
import { readFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import type { Part } from "../../src/schema/part.ts";
import { say, type TestApp, testApp, textOf, watch } from "../helpers/app.ts";
import { temporaryDirectory } from "../helpers/directory.ts";
import { localServer, remoteServer } from "../helpers/mcp.ts";
import { isRunning } from "../helpers/process.ts";

/** Prompts a new session and gives the answer with its tool parts, newest last. */
async function prompted(test: TestApp) {
  const session = await test.app.sessions.create(test.repository.path, { title: "MCP" });
  const answer = await test.app.sessions.prompt(session.id, say("go"));
  const { items } = await test.app.sessions.messages(session.id);
  const tools = items.flatMap(({ parts }) => parts).flatMap((part) => (part.type === "tool" ? [part.state] : []));
  return { answer, tools };
}

/** The content of a file as soon as there is some. */
async function content(directory: string, name: string): Promise<string> {
  const watcher = watchFile(directory);
  try {
    for (;;) {
      const changed = new Promise((resolve) => watcher.once("change", resolve));
      const text = await readFile(`${directory}/${name}`, "utf8").catch(() => "");
      if (text !== "") return text;
      await changed;
    }
  } finally {
    watcher.close();
  }
}

const hasBegun = (part: Part) => part.type === "tool" && part.state.status === "running" && part.state.metadata?.message === "begun";

const status = async (test: TestApp) => (await test.app.instance(test.repository.path)).mcp.status();

describe("an MCP server that", () => {
  it("never answers the handshake is given up, and the turn goes on without it", async () => {
    await using test = await testApp({ config: { mcp: { mute: localServer("silent", { timeout: 300 }), calc: localServer() } } });
    test.model.calls({ name: "calc_add", input: { a: 1, b: 2 } }).text("done");
    const { answer, tools } = await prompted(test);
    expect(textOf(answer)).toBe("done");
    expect(tools).toMatchObject([{ status: "completed", output: "sum 3" }]);
    expect(await status(test)).toMatchObject({ mute: { status: "failed", error: "It did not answer within 300 ms." } });
  });

  it("dies in the middle of a call fails it with its last words, and is started again", async () => {
    await using test = await testApp({ config: { mcp: { calc: localServer() } } });
    using events = watch(test.app);
    test.model.calls({ name: "calc_die", input: {} }).text("a pity");
    const { answer, tools } = await prompted(test);
    expect(textOf(answer)).toBe("a pity");
    const words = "It ended with exit code 3, and its last words were: out of cheese. It is being started again.";
    expect(tools).toMatchObject([{ status: "error", error: `The MCP server "calc" failed during the call. ${words}` }]);
    const { mcp } = await test.app.instance(test.repository.path);
    // Connected, dead, connected again.
    await events.until("mcp.tools.changed", () => events.seen.filter(({ type }) => type === "mcp.tools.changed").length === 3);
    expect(await mcp.status()).toEqual({ calc: { status: "connected" } });
    test.model.calls({ name: "calc_add", input: { a: 1, b: 2 } }).text("again");
    expect((await prompted(test)).tools).toMatchObject([{ status: "completed", output: "sum 3" }]);
  });

  it("writes garbage to both its outputs is heard all the same", async () => {
    await using test = await testApp({ config: { mcp: { calc: localServer("noisy") } } });
    test.model.calls({ name: "calc_add", input: { a: 1, b: 2 } }).text("done");
    expect((await prompted(test)).tools).toMatchObject([{ status: "completed", output: "sum 3" }]);
  });

  it("never answers a call fails it after its time-out, and an abort does not wait for that", async () => {
    await using test = await testApp({
      config: { mcp: { quick: localServer(), slow: localServer("good", { timeout: 30_000 }) }, experimental: { mcp_timeout: 500 } },
    });
    test.model.calls({ name: "quick_hang", input: {} }).text("done");
    const { tools } = await prompted(test);
    expect(tools).toMatchObject([{ error: 'The MCP server "quick" failed during the call. It did not answer within 500 ms.' }]);
    test.model.calls({ name: "slow_hang", input: {} });
    using events = watch(test.app);
    const session = await test.app.sessions.create(test.repository.path, { title: "Abort" });
    const running = test.app.sessions.prompt(session.id, say("go"));
    await events.until("message.part.updated", ({ properties: { part } }) => hasBegun(part));
    await test.app.sessions.abort(session.id);
    expect((await running).parts).toContainEqual(
      expect.objectContaining({ type: "tool", state: expect.objectContaining({ status: "error", error: "Tool execution aborted" }) }),
    );
  });

  it("ignores signals is gone after a disconnect and after the end, with what it started", async () => {
    await using places = await temporaryDirectory();
    const file = (name: string) => ({ file: places.join(name) });
    const mcp = {
      one: localServer("stubborn", file("one")),
      two: localServer("stubborn", file("two")),
      mute: localServer("silent", file("mute")),
    };
    const pidsOf = async (name: string) => (await content(places.path, name)).split(" ").map(Number);
    let pids: number[];
    {
      await using test = await testApp({ config: { mcp } });
      const instance = await test.app.instance(test.repository.path);
      // The third never gets beyond its start.
      void instance.mcp.ready();
      const [one, two, mute] = await Promise.all(["one", "two", "mute"].map(pidsOf));
      pids = [...(one ?? []), ...(two ?? []), ...(mute ?? [])];
      expect(pids.map(isRunning)).toEqual([true, true, true, true, true]);
      await instance.mcp.disconnect("one");
      expect(pids.map(isRunning)).toEqual([false, false, true, true, true]);
    }
    expect(pids.map(isRunning)).toEqual([false, false, false, false, false]);
  });

  it("was started again and forgot the session is met anew, and the call succeeds", async () => {
    await using remote = await remoteServer();
    await using test = await testApp({ config: { mcp: { far: { type: "remote", url: remote.url } } } });
    const { mcp } = await test.app.instance(test.repository.path);
    await mcp.ready();
    remote.forget();
    test.model.calls([
      { name: "far_add", input: { a: 1, b: 2 }, id: "one" },
      { name: "far_add", input: { a: 3, b: 4 }, id: "two" },
    ]);
    test.model.text("done");
    expect((await prompted(test)).tools).toMatchObject([{ output: "sum 3" }, { output: "sum 7" }]);
  });

  it("breaks the connection in the middle of a call fails it at once", async () => {
    await using remote = await remoteServer();
    await using test = await testApp({ config: { mcp: { far: { type: "remote", url: remote.url } } } });
    using events = watch(test.app);
    test.model.calls({ name: "far_hang", input: {} }).text("a pity");
    const running = prompted(test);
    const { properties } = await events.until("message.part.updated", ({ properties: { part } }) => hasBegun(part));
    expect(properties.part).toMatchObject({ state: { metadata: { progress: 1, message: "begun" } } });
    remote.drop();
    const { tools } = await running;
    expect(tools).toMatchObject([
      { status: "error", error: 'The MCP server "far" failed during the call. It closed the connection before it answered.' },
    ]);
    expect(events.seen.map(({ type }) => type)).toContain("session.idle");
  });

  it("cannot be reached is told as that, and its connection can be tried again", async () => {
    const remote = await remoteServer();
    await remote[Symbol.asyncDispose]();
    await using test = await testApp({ config: { mcp: { far: { type: "remote", url: remote.url } } } });
    expect(await status(test)).toMatchObject({
      far: { status: "failed", error: expect.stringMatching(/^It cannot be reached: .*ECONNREFUSED/) },
    });
    expect(await (await test.app.instance(test.repository.path)).mcp.connect("far")).toBe(false);
  });
});
