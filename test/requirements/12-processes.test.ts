import { spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { afterEach, describe, expect, it } from "vitest";
import { openDatabase } from "../../db/client.ts";
import { saveServer } from "../../db/queries/lease.ts";
import { readMarkers } from "../../src/schema/process-marker.ts";
import type { Session } from "../../src/schema/session.ts";
import { say, testApp, watch } from "../helpers/app.ts";
import { mockModel } from "../helpers/model.ts";
import { isRunning } from "../helpers/process.ts";
import { programWorkspace } from "../helpers/program.ts";
import { follow, postJSON } from "../helpers/server.ts";
import { processesWith, strayCommand } from "../helpers/strays.ts";

/** What a failed test leaves must not trouble the next one. */
const words: string[] = [];
const newWord = (): string => {
  words.push(`stray-${randomUUID()}`);
  return words.at(-1) ?? "";
};
afterEach(() => {
  for (const pid of words.splice(0).flatMap(processesWith)) process.kill(pid, "SIGKILL");
});

const allow = { permission: "allow" as const };

describe.runIf(process.platform === "linux")("no process outlives what it was started for, setsid and double forks included", () => {
  it("abort", async () => {
    await using test = await testApp({ config: allow });
    using events = watch(test.app);
    const word = newWord();
    test.model.calls({ name: "bash", input: { command: strayCommand(word), description: "strays" } });
    const session = await test.app.sessions.create(test.repository.path, {});
    await test.app.sessions.promptAsync(session.id, say("go"));
    await events.until("message.part.updated", ({ properties: { part } }) => JSON.stringify(part).includes(`ready ${word}\\n`));
    expect(processesWith(word).length).toBeGreaterThanOrEqual(3);
    await test.app.sessions.abort(session.id);
    expect(processesWith(word)).toEqual([]);
  });

  it("a time limit", async () => {
    await using test = await testApp({ config: allow });
    const word = newWord();
    test.model.calls({ name: "bash", input: { command: strayCommand(word), description: "strays", timeout: 500 } }).text("done");
    const session = await test.app.sessions.create(test.repository.path, {});
    await test.app.sessions.prompt(session.id, say("go"));
    expect(processesWith(word)).toEqual([]);
  });

  it("a daemon that a command left on purpose ends with the session's abort, not with its command", async () => {
    await using test = await testApp({ config: allow });
    const [word, other] = [newWord(), newWord()];
    const daemon = (name: string) => `setsid sh -c 'sleep 300; : ${name}' >/dev/null 2>&1 < /dev/null & sleep 0.1`;
    const sessions = [];
    for (const name of [word, other]) {
      test.model.calls({ name: "bash", input: { command: daemon(name), description: "a daemon" } }).text("done");
      const session = await test.app.sessions.create(test.repository.path, {});
      await test.app.sessions.prompt(session.id, say("go"));
      sessions.push(session);
    }
    expect(processesWith(word).length).toBeGreaterThan(0);
    await test.app.sessions.abort(sessions[0]?.id ?? "");
    expect(processesWith(word)).toEqual([]);
    expect(processesWith(other).length).toBeGreaterThan(0);
  });

  it("shutdown, with the children of MCP servers", async () => {
    const [word, server] = [newWord(), newWord()];
    const script = `setsid sh -c 'sleep 300; : ${server}' & exec cat`;
    {
      await using test = await testApp({ config: { ...allow, mcp: { strays: { type: "local", command: ["sh", "-c", script] } } } });
      using events = watch(test.app);
      test.model.calls({ name: "bash", input: { command: strayCommand(word), description: "strays" } });
      const session = await test.app.sessions.create(test.repository.path, {});
      await test.app.sessions.promptAsync(session.id, say("go"));
      await events.until("message.part.updated", ({ properties: { part } }) => JSON.stringify(part).includes(`ready ${word}\\n`));
    }
    expect([...processesWith(word), ...processesWith(server)]).toEqual([]);
  });

  it("kill -9 and restart: what the dead server's tools left is ended, before what they did is told as interrupted", async () => {
    await using model = await mockModel();
    await using workspace = await programWorkspace();
    const [word, server] = [newWord(), newWord()];
    const script = `setsid sh -c 'sleep 300; : ${server}' & exec cat`;
    const config = { ...model.config(), ...allow, mcp: { strays: { type: "local", command: ["sh", "-c", script] } } };
    const env = { OPENCODE_CONFIG_CONTENT: JSON.stringify(config) };
    model.calls({ name: "bash", input: { command: strayCommand(word), description: "strays" } });
    const first = await workspace.start(["serve", "--port", "0"], { env });
    const url = await first.listening();
    using before = follow(url);
    const session = await postJSON<Session>(`${url}/session`, {});
    await postJSON(`${url}/session/${session.id}/prompt_async`, say("go"));
    await before.until((event) => JSON.stringify(event).includes(`ready ${word}\\n`));
    first.kill("SIGKILL");
    await first.exited;
    expect(processesWith(word).length).toBeGreaterThanOrEqual(3);
    const second = await workspace.start(["serve", "--port", "0"], { env });
    await second.listening();
    expect([...processesWith(word), ...processesWith(server)]).toEqual([]);
  });

  it("a server that starts leaves alone what others run: of a living server, of nobody, and a pid that was used again", async () => {
    await using test = await testApp();
    const word = newWord();
    const other = spawn("sh", ["-c", `sleep 300; : ${word}`], { detached: true, stdio: "ignore", env: { PATH: process.env.PATH } });
    const dead = "srv_dead";
    const living = spawn("sh", ["-c", `sleep 300; : ${word}`], {
      detached: true,
      stdio: "ignore",
      env: { PATH: process.env.PATH, CODEPORT_TOOL: "srv_elsewhere/ses_x/call" },
    });
    const left = spawn("sh", ["-c", `sleep 300; : ${word}`], {
      detached: true,
      stdio: "ignore",
      env: { PATH: process.env.PATH, CODEPORT_TOOL: `${dead}/ses_x/call` },
    });
    const ended = new Promise((resolve) => left.once("exit", resolve));
    await using database = await openDatabase(test.app.database);
    const { hostname } = await import("node:os");
    // Its pid is in use again, by a process that began at another time.
    await database.write([saveServer(database.orm, { id: dead, host: hostname(), pid: other.pid ?? 0, started: "long ago", seen: 0 })]);
    await test.app.sessions.recover();
    await ended;
    expect([isRunning(other.pid ?? 0), isRunning(living.pid ?? 0), isRunning(left.pid ?? 0)]).toEqual([true, true, false]);
  });
});

describe("the marker in a child's environment", () => {
  it("names the servers around, the session and the call, whatever a model calls its calls", () => {
    expect(readMarkers("srv_a/ses_b/call%20%2F1 srv_c")).toEqual([
      { server: "srv_a", session: "ses_b", call: "call /1" },
      { server: "srv_c", session: undefined, call: undefined },
    ]);
  });
});
