import { describe, expect, test } from "vitest";
import { createClient } from "../../src/client/client.ts";
import { createDriver, type Driver } from "../../src/terminal/driver.ts";
import { pressed, typed } from "../../src/terminal/key.ts";
import type { State } from "../../src/terminal/state.ts";
import { screen } from "../../src/terminal/view/screen.ts";
import { plain, theme } from "../helpers/conversation.ts";
import { testServer } from "../helpers/server.ts";

type Options = Partial<Parameters<typeof createDriver>[0]>;

/** The terminal client without a terminal, on a real server, once it is connected. */
async function driven(options: Options & { server?: Parameters<typeof testServer>[0] } = {}) {
  const server = await testServer(options.server);
  const client = createClient({ url: server.url });
  const size = { columns: 80, rows: 30 };
  const driver = createDriver({ client, url: server.url, size, measure: (state) => screen(state, theme), ...options });
  const until = (when: (state: State) => boolean) => untilState(driver, when);
  const shows = (pattern: RegExp) => until((state) => pattern.test(plain(state)));
  await until(({ connection, catalogue }) => connection.state === "open" && catalogue.agents.length > 0);
  return {
    ...{ server, client, driver, until, shows },
    say(text: string) {
      driver.press(typed(text));
      driver.press(pressed("enter"));
    },
    async [Symbol.asyncDispose]() {
      await driver[Symbol.asyncDispose]();
      await client.close();
      await server[Symbol.asyncDispose]();
    },
  };
}

function untilState({ store }: Driver, when: (state: State) => boolean): Promise<State> {
  return new Promise((resolve) => {
    const look = () => {
      if (!when(store.state())) return;
      end();
      resolve(store.state());
    };
    const end = store.subscribe(look);
    look();
  });
}

const idle = ({ conversation }: State): boolean => conversation.status.type === "idle" && conversation.entries.length > 1;

describe("the terminal client on a server", () => {
  test("sends a prompt with the chosen model and agent to a session of its own", async () => {
    await using it = await driven({ choice: { model: { providerID: "mock", modelID: "mock-1" }, agent: "plan" } });
    it.server.model.text("Done.");
    it.say("plan it");
    await it.shows(/▌ plan it\n\nDone\.[\s\S]*ready/);
    const [message] = it.driver.store.state().conversation.entries;
    expect(message?.info).toMatchObject({ role: "user", agent: "plan", model: { providerID: "mock", modelID: "mock-1" } });
  });

  test("prompts sent one after the other before there is a session go to the same one", async () => {
    await using it = await driven();
    it.server.model.text("Both.").text("Both.");
    it.say("one");
    it.say("two");
    await it.shows(/▌ two[\s\S]*ready/);
    expect(await it.client.api.session.list.query({})).toHaveLength(1);
  });

  test("knows no commands and answers by names that every object has", async () => {
    await using it = await driven();
    for (const name of ["constructor", "__proto__", "toString"]) {
      expect(await it.client.api.tui.ask.mutate({ path: name, body: {} })).toMatchObject({ error: expect.stringContaining(`not ${name}`) });
    }
    await it.driver.execute("constructor");
    await it.shows(/has no constructor/);
  });

  test("a session that is opened in the middle of an answer shows all of it, once", async () => {
    await using it = await driven();
    it.server.model.hang("One two three");
    const { id } = await it.client.api.session.create.mutate({ title: "Running" });
    await it.client.api.session.promptAsync.mutate({ sessionID: id, parts: [{ type: "text", text: "count" }] });
    await it.server.model.received(1);
    await it.client.api.tui.selectSession.mutate({ sessionID: id });
    const state = await it.shows(/One two three/);
    expect(plain(state).match(/One two three/g)).toHaveLength(1);
    it.driver.press(pressed("escape"));
    await it.shows(/■ Interrupted/);
  });

  test("misses nothing that is told to terminals while it changes sessions", async () => {
    await using it = await driven();
    const { api } = it.client;
    const { id } = await api.session.create.mutate({ title: "Next" });
    for (const text of ["a", "b", "c", "d"]) {
      await api.tui.selectSession.mutate({ sessionID: id });
      await api.tui.appendPrompt.mutate({ text });
    }
    await it.until(({ editor }) => editor.text.length >= 4);
    expect(it.driver.store.state().editor.text).toBe("abcd");
  });

  test("undo takes a prompt back and gives its text, redo brings it again", async () => {
    await using it = await driven();
    it.server.model.text("First answer.").text("Second answer.");
    it.say("first");
    await it.until(idle);
    it.say("second");
    await it.until(({ conversation }) => conversation.status.type === "idle" && conversation.entries.length === 4);
    it.say("/undo");
    expect(plain(await it.shows(/2 messages undone/))).toMatch(/First answer\.[\s\S]*> second/);
    await it.driver.execute("session.undo");
    await it.shows(/4 messages undone/);
    await it.driver.execute("session.redo");
    await it.shows(/2 messages undone/);
    await it.driver.execute("session.redo");
    await it.shows(/Second answer\./);
    await it.driver.execute("session.redo");
    await it.shows(/There is nothing to redo\./);
  });

  test("runs a command of the server and one of the shell", async () => {
    await using it = await driven({ server: { config: { command: { peel: { template: "Peel $ARGUMENTS" } } } } });
    it.server.model.text("Peeled.");
    it.say("/peel the orange");
    await it.shows(/Peel the orange[\s\S]*Peeled\.[\s\S]*ready/);
    it.say("!echo from the shell");
    await it.shows(/● bash echo from the shell\n {2}│ from the shell/);
  });

  test("a prompt that is refused comes back, with why", async () => {
    await using it = await driven({ choice: { agent: "nobody" } });
    it.say("hello");
    const state = await it.shows(/▸ .*nobody/);
    expect(state.editor.text).toBe("hello");
  });

  test("what is asked before it comes is asked of it, and an answer elsewhere ends it", async () => {
    await using it = await driven({ server: { config: { permission: { bash: "ask" } } } });
    it.server.model.calls({ name: "bash", input: { command: "true", description: "Nothing" } }).text("Then.");
    const { id } = await it.client.api.session.create.mutate({});
    await it.client.api.session.promptAsync.mutate({ sessionID: id, parts: [{ type: "text", text: "go" }] });
    await it.shows(/1 asked elsewhere/);
    await it.client.api.tui.selectSession.mutate({ sessionID: id });
    await it.shows(/△ Permission: bash/);
    const [request] = await it.client.api.permission.list.query();
    await it.client.api.permission.reply.mutate({ requestID: request?.id ?? "", reply: "once" });
    expect(plain(await it.shows(/Then\./))).not.toContain("Permission");
  });

  test.each([
    ["/tui/append-prompt", { text: "typed" }, /> typed/],
    ["/tui/execute-command", { command: "help.show" }, /Help\nFind:/],
    ["/tui/open-models", {}, /Models\nFind:[\s\S]*mock\/mock-1/],
    ["/tui/show-toast", { message: "Hi" }, /▸ Hi/],
  ])("does what the control queue asks at %s, and says so", async (path, body, seen) => {
    await using it = await driven();
    expect(await it.client.api.tui.ask.mutate({ path, body })).toBe(true);
    await it.shows(seen);
  });

  test("tells the control queue what a person sees, and what it cannot do", async () => {
    await using it = await driven();
    const { ask } = it.client.api.tui;
    expect(await ask.mutate({ path: "/state", body: {} })).toMatchObject({
      prompt: "",
      status: "idle",
      agent: "build",
      model: "mock/mock-1",
    });
    expect(await ask.mutate({ path: "/tui/append-prompt", body: {} })).toEqual({ error: "text is missing in the body." });
    expect(await ask.mutate({ path: "/tui/execute-command", body: { command: "theme.switch" } })).toEqual({
      error: "This terminal client has no theme.switch.",
    });
  });

  test("scrolls by the commands of terminal clients", async () => {
    await using it = await driven();
    it.server.model.text(Array.from({ length: 80 }, (_, line) => `- line ${line}`).join("\n"));
    it.say("count");
    await it.until(idle);
    const top = () => plain(it.driver.store.state()).split("\n")[1];
    await it.driver.execute("session.first");
    expect(top()).toBe("▌ count");
    await it.driver.execute("session.line.down");
    await it.driver.execute("session.line.down");
    expect(top()).toBe("• line 0");
    await it.driver.execute("session.page.down");
    expect(top()).not.toBe("• line 0");
    await it.driver.execute("session.last");
    expect(it.driver.store.state().top).toBeUndefined();
  });
});
