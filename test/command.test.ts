import { describe, expect, it } from "vitest";
import type { Command } from "../src/schema/agent.ts";
import type { MessageWithParts } from "../src/schema/prompt.ts";
import type { Session } from "../src/schema/session.ts";
import { say, textOf, watch } from "./helpers/app.ts";
import { getJSON, postJSON, type TestServer, testServer, trpcClient } from "./helpers/server.ts";

const newSession = ({ url }: TestServer) => postJSON<Session>(`${url}/session`, { title: "Commands" });
const run = ({ url }: TestServer, { id }: Session, command: { command: string; arguments?: string; [key: string]: unknown }) =>
  postJSON<MessageWithParts>(`${url}/session/${id}/command`, { arguments: "", ...command });

function post(url: string, body: object): Promise<Response> {
  return fetch(url, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) });
}

describe("commands", () => {
  it("are listed with what is built in, configured and written in Markdown, over REST and tRPC", async () => {
    await using test = await testServer({
      files: { ".opencode/command/team/ship.md": "---\ndescription: Ships it\nagent: build\n---\nShip $1 to $2 with $ARGUMENTS" },
      config: { command: { init: { template: "My own init", description: "Mine" } } },
    });
    await using client = trpcClient(test.url);
    const commands = await getJSON<Command[]>(`${test.url}/command`);
    expect(commands.map(({ name }) => name)).toEqual(["init", "recall", "remember", "review", "team/ship"]);
    expect(commands[0]).toMatchObject({ description: "Mine", template: "My own init", source: "command", hints: [] });
    expect(commands[3]).toMatchObject({ hints: ["$ARGUMENTS"], subtask: true });
    expect(commands[4]).toEqual({
      name: "team/ship",
      description: "Ships it",
      agent: "build",
      source: "command",
      template: "Ship $1 to $2 with $ARGUMENTS",
      hints: ["$1", "$2", "$ARGUMENTS"],
    });
    expect(await client.trpc.command.list.query()).toEqual(commands);
  });

  it("become prompts: arguments, what commands print, and the files they name", async () => {
    await using test = await testServer({
      files: {
        "notes.md": "remember the milk\n",
        ".opencode/command/look.md":
          "Look at @notes.md for $1, then $2.\n!`printf '%s|' \"$2\" $ARGUMENTS '$1'`\nNo files: me@example.com, @nobody.\n",
      },
    });
    test.model.text("Looked.");
    const session = await newSession(test);
    using events = watch(test.app);
    const answer = await run(test, session, { command: "look", arguments: `"two words" the !\`touch evil\` $(touch evil) rest` });
    expect(textOf(answer)).toBe("Looked.");
    const [asked] = await getJSON<MessageWithParts[]>(`${test.url}/session/${session.id}/message`);
    const texts = asked?.parts.flatMap((part) => (part.type === "text" ? [part.text] : []));
    expect(texts?.[0]).toContain("for two words, then the !`touch evil` $(touch evil) rest.");
    expect(texts?.[0]).toContain("the !`touch evil` $(touch evil) rest|two words|the|!`touch|evil`|$(touch|evil)|rest|two words|");
    expect(texts?.join()).toContain("1: remember the milk");
    expect(asked?.parts.filter((part) => part.type === "file")).toMatchObject([{ filename: "notes.md", mime: "text/plain" }]);
    await events.until("command.executed", ({ properties }) => properties.messageID === answer.info.id && properties.name === "look");
    expect((await test.repository.git("status", "--short", "--", "evil")).trim()).toBe("");
  });

  it("without placeholders get the arguments at their end; their own agent and model win", async () => {
    await using test = await testServer({
      files: { ".opencode/agent/poet.md": "---\nmode: primary\nmodel: mock/mock-1\n---\nYou rhyme.\n" },
      config: { command: { rhyme: { template: "Make a rhyme.", agent: "poet" } } },
    });
    test.model.text("Moon, spoon.");
    const session = await newSession(test);
    const answer = await run(test, session, { command: "rhyme", arguments: "on the moon", agent: "plan", model: "offline/guide" });
    expect(answer.info).toMatchObject({ agent: "poet", modelID: "mock-1" });
    expect(test.model.requests()[0]?.body.messages.at(-1)?.content).toBe("Make a rhyme.\n\non the moon");
    expect(JSON.stringify(test.model.requests()[0]?.body.messages[0])).toContain("You rhyme.");
  });

  it("for a sub-agent run in a child session", async () => {
    await using test = await testServer({ config: { command: { find: { template: "FIND $ARGUMENTS", agent: "explore" } } } });
    test.model.text("Here: x.ts", { when: "FIND x" }).text("It is in x.ts.");
    const session = await newSession(test);
    expect(textOf(await run(test, session, { command: "find", arguments: "x" }))).toBe("It is in x.ts.");
    const [child] = await getJSON<Session[]>(`${test.url}/session/${session.id}/children`);
    expect(child).toMatchObject({ agent: "explore", title: "find (@explore subagent)" });
  });

  it("that are unknown are refused by naming the known ones; nothing is left in the session", async () => {
    await using test = await testServer();
    const session = await newSession(test);
    const refused = await post(`${test.url}/session/${session.id}/command`, { command: "nope", arguments: "" });
    expect(refused.status).toBe(404);
    expect(await refused.json()).toMatchObject({
      name: "NotFoundError",
      message: expect.stringContaining("init, recall, remember, review"),
    });
    expect(await getJSON(`${test.url}/session/${session.id}/message`)).toEqual([]);
  });

  it("sent twice with one message id run once", async () => {
    await using test = await testServer({ config: { command: { count: { template: "!`echo x >> count; cat count`" } } } });
    test.model.text("once");
    const session = await newSession(test);
    const first = await run(test, session, { command: "count", messageID: "msg_once" });
    expect(await run(test, session, { command: "count", messageID: "msg_once" })).toEqual(first);
    expect(await test.repository.read("count")).toBe("x\n");
  });

  it("init writes with the model it is given and answers true", async () => {
    await using test = await testServer();
    test.model.text("Written.");
    const session = await newSession(test);
    const body = { providerID: "mock", modelID: "mock-1", messageID: "msg_init" };
    expect(await postJSON(`${test.url}/session/${session.id}/init`, body)).toBe(true);
    expect(JSON.stringify(test.model.requests()[0]?.body.messages.at(-1))).toContain("AGENTS.md");
  });
});

describe("a shell command", () => {
  const shell = ({ url }: TestServer, { id }: Session, command: string) =>
    postJSON<MessageWithParts>(`${url}/session/${id}/shell`, { agent: "build", command });

  it("runs without a model, leaves a question and a message with its output, and the next turn sees it", async () => {
    await using test = await testServer({ config: { permission: { bash: "deny" } } });
    const session = await newSession(test);
    using events = watch(test.app);
    const answer = await shell(test, session, "echo out; echo err 1>&2; exit 3");
    expect(answer).toMatchObject({
      info: { role: "assistant", agent: "build", time: { completed: expect.any(Number) } },
      parts: [
        {
          type: "tool",
          tool: "bash",
          state: { status: "completed", input: { command: "echo out; echo err 1>&2; exit 3" }, metadata: { exit: 3 } },
        },
      ],
    });
    expect(await getJSON(`${test.url}/session/status`)).toEqual({});
    await events.until("session.idle");
    expect(test.model.requests()).toHaveLength(0);
    const messages = await getJSON<MessageWithParts[]>(`${test.url}/session/${session.id}/message`);
    expect(messages.map(({ info }) => info.role)).toEqual(["user", "assistant"]);
    expect(messages[0]?.parts).toMatchObject([{ text: "The following tool was executed by the user", synthetic: true }]);
    test.model.text("I saw it.");
    await postJSON(`${test.url}/session/${session.id}/message`, say("what happened?"));
    expect(JSON.stringify(test.model.requests()[0]?.body.messages)).toContain("out\\nerr");
  });

  it("has the session to itself: another one is refused, a prompt waits behind it, an abort ends it", async () => {
    await using test = await testServer();
    const session = await newSession(test);
    using events = watch(test.app);
    const running = shell(test, session, "echo started; sleep 100");
    await events.until(
      "message.part.updated",
      ({ properties: { part } }) =>
        part.type === "tool" && part.state.status === "running" && String(part.state.metadata?.output).includes("started"),
    );
    expect(await getJSON(`${test.url}/session/status`)).toEqual({ [session.id]: { type: "busy" } });
    const refused = await post(`${test.url}/session/${session.id}/shell`, { agent: "build", command: "true" });
    expect(refused.status).toBe(409);
    expect(await refused.json()).toMatchObject({ _tag: "SessionBusyError", sessionID: session.id });
    await postJSON(`${test.url}/session/${session.id}/abort`, {});
    const { info, parts } = await running;
    expect(info).toMatchObject({ error: { name: "MessageAbortedError" } });
    expect(parts).toMatchObject([{ state: { status: "error", metadata: { interrupted: true } } }]);
    expect(await getJSON(`${test.url}/session/status`)).toEqual({});

    test.model.text("After it.");
    // The first one's `busy` would do for the second.
    events.seen.length = 0;
    const again = shell(test, session, "sleep 0.3; echo done");
    await events.until("session.status", ({ properties: { status } }) => status.type === "busy");
    const prompted = postJSON<MessageWithParts>(`${test.url}/session/${session.id}/message`, say("and then?"));
    expect((await again).parts).toMatchObject([{ state: { status: "completed" } }]);
    expect(textOf(await prompted)).toBe("After it.");
  });

  it("of an unknown agent, or none at all, is refused by name", async () => {
    await using test = await testServer();
    const session = await newSession(test);
    const at = `${test.url}/session/${session.id}/shell`;
    expect((await post(at, { agent: "nope", command: "true" })).status).toBe(400);
    expect((await post(at, { agent: "build" })).status).toBe(400);
    expect((await post(`${test.url}/session/ses_none/shell`, { agent: "build", command: "true" })).status).toBe(404);
  });
});
