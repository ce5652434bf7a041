import { describe, expect } from "vitest";
import type { Session } from "../../src/schema/session.ts";
import { watch } from "../helpers/app.ts";
import { getJSON, postJSON, type TestServer, testServer, trpcClient } from "../helpers/server.ts";
import { verifies } from "./verifies.ts";

/** What terminal clients are told by one call: type and properties of each event. */
async function told(test: TestServer, path: string, body: object = {}): Promise<unknown[]> {
  using events = watch(test.app);
  expect(await postJSON(`${test.url}/tui/${path}`, body)).toBe(true);
  // Readers hear of an event in the same turn of the loop in which it is published, before the answer is sent.
  return events.seen.map(({ type, properties }) => [type, properties]);
}

async function refused(test: TestServer, path: string, body: unknown): Promise<[number, Record<string, unknown>]> {
  const response = await fetch(`${test.url}/tui/${path}`, { method: "POST", body: JSON.stringify(body) });
  return [response.status, (await response.json()) as Record<string, unknown>];
}

const command = (name: string) => ["tui.command.execute", { command: name }];

describe("terminal clients are told", () => {
  verifies(
    ["POST /tui/open-help", "POST /tui/open-sessions", "POST /tui/open-themes", "POST /tui/open-models", "POST /tui/dialog"],
    "to open each dialog, by its own address and by name",
    async () => {
      await using test = await testServer();
      const dialogs = { help: "help.show", sessions: "session.list", themes: "theme.switch", models: "model.list" };
      for (const [dialog, name] of Object.entries(dialogs)) {
        expect(await told(test, `open-${dialog}`)).toEqual([command(name)]);
        expect(await told(test, "dialog", { dialog })).toEqual([command(name)]);
      }
      expect(await refused(test, "dialog", { dialog: "nope" })).toMatchObject([400, { name: "BadRequest", data: { field: "dialog" } }]);
    },
  );

  verifies(
    ["POST /tui/append-prompt", "POST /tui/prompt", "POST /tui/submit-prompt", "POST /tui/clear-prompt"],
    "what to do with the prompt",
    async () => {
      await using test = await testServer();
      const append = ["tui.prompt.append", { text: "hello" }];
      expect(await told(test, "append-prompt", { text: "hello" })).toEqual([append]);
      expect(await told(test, "prompt", { text: "hello" })).toEqual([command("prompt.clear"), append]);
      expect(await told(test, "submit-prompt")).toEqual([command("prompt.submit")]);
      expect(await told(test, "clear-prompt")).toEqual([command("prompt.clear")]);
      for (const path of ["append-prompt", "prompt"])
        expect(await refused(test, path, {})).toMatchObject([400, { name: "BadRequest", data: { field: "text" } }]);
    },
  );

  verifies(["POST /tui/execute-command", "POST /tui/command"], "to run a command they know, in either spelling", async () => {
    await using test = await testServer();
    for (const path of ["execute-command", "command"]) {
      expect(await told(test, path, { command: "session_new" })).toEqual([command("session.new")]);
      expect(await told(test, path, { command: "agent.cycle" })).toEqual([command("agent.cycle")]);
      expect(await told(test, path, { command: "messages_page_up" })).toEqual([command("session.page.up")]);
      const [status, body] = await refused(test, path, { command: "sesion.new" });
      expect([status, body.name]).toEqual([400, "BadRequest"]);
      expect(body.message).toContain("Did you mean session.new?");
    }
    expect(await refused(test, "command", {})).toMatchObject([400, { data: { field: "command" } }]);
  });

  verifies(["POST /tui/show-toast", "POST /tui/toast"], "to show a notice, for five seconds unless told", async () => {
    await using test = await testServer();
    for (const path of ["show-toast", "toast"]) {
      expect(await told(test, path, { title: "T", message: "M", variant: "info" })).toEqual([
        ["tui.toast.show", { title: "T", message: "M", variant: "info", duration: 5000 }],
      ]);
      expect(await told(test, path, { message: "M", variant: "error", duration: 1000 })).toMatchObject([[{}, { duration: 1000 }]]);
      expect(await refused(test, path, { message: "M", variant: "zzz" })).toMatchObject([400, { data: { field: "variant" } }]);
      expect(await refused(test, path, { message: "M" })).toMatchObject([400, { data: { field: "variant" } }]);
    }
  });

  verifies("decision: tui without a terminal client", "any event of theirs, and to show a session that exists", async () => {
    await using test = await testServer();
    const session = await postJSON<Session>(`${test.url}/session`, {});
    const selected = ["tui.session.select", { sessionID: session.id }];
    expect(await told(test, "select-session", { sessionID: session.id })).toEqual([selected]);
    expect(await told(test, "publish", { type: "tui.session.select", properties: { sessionID: session.id } })).toEqual([selected]);
    expect(await told(test, "publish", { type: "tui.command.execute", properties: { command: "of.a.plugin" } })).toEqual([
      command("of.a.plugin"),
    ]);
    for (const [path, body] of [
      ["select-session", { sessionID: "ses_none" }],
      ["publish", { type: "tui.session.select", properties: { sessionID: "ses_none" } }],
    ] as const)
      expect(await refused(test, path, body)).toMatchObject([404, { name: "NotFoundError" }]);
    expect(await refused(test, "publish", { type: "nope", properties: {} })).toMatchObject([
      400,
      { data: { field: "type", message: expect.stringContaining("tui.toast.show") } },
    ]);
    expect(await refused(test, "publish", { type: "tui.prompt.append", properties: {} })).toMatchObject([
      400,
      { data: { field: "properties.text" } },
    ]);
  });
});

describe("a terminal client is asked", () => {
  const ask = ({ url }: TestServer, path: string, signal?: AbortSignal) =>
    fetch(`${url}/tui/control`, { method: "POST", body: JSON.stringify({ path, body: { of: path } }), signal }).then((r) => r.json());
  const next = ({ url }: TestServer) => getJSON<{ path: string }>(`${url}/tui/control/next`);
  const respond = ({ url }: TestServer, response: unknown) => postJSON(`${url}/tui/control/response`, response);

  verifies(
    ["GET /tui/control/next", "POST /tui/control/response"],
    "once for each request, in order, and its response goes to whoever asked",
    async () => {
      await using test = await testServer({ listen: { keepAlive: 1 } });
      const waiting = next(test);
      const first = ask(test, "/one");
      expect(await waiting).toEqual({ path: "/one", body: { of: "/one" } });
      const [second, after] = [ask(test, "/two"), next(test)];
      expect(await respond(test, "a text")).toBe(true);
      expect(await first).toBe("a text");
      expect(await after).toMatchObject({ path: "/two" });
      expect(await respond(test, { many: [1, 2] })).toBe(true);
      expect(await second).toEqual({ many: [1, 2] });
      expect(await respond(test, null)).toBe(true);
      await using client = trpcClient(test.url);
      const third = client.trpc.tui.ask.mutate({ path: "/three", body: 3 });
      expect(await client.trpc.tui.next.query()).toEqual({ path: "/three", body: 3 });
      await client.trpc.tui.respond.mutate({ response: ["yes"] });
      expect(await third).toEqual(["yes"]);
      const response = await fetch(`${test.url}/tui/control`, { method: "POST", body: "{}" });
      expect([response.status, await response.json()]).toMatchObject([400, { data: { field: "path" } }]);
    },
  );

  verifies("GET /tui/control/next", "again when the client went away before it had the request; not when whoever asked did", async () => {
    await using test = await testServer();
    const place = { directory: test.repository.path };
    const [leaves, hangsUp] = [new AbortController(), new AbortController()];
    const lost = test.app.tui.next({ ...place, signal: leaves.signal });
    const first = ask(test, "/one");
    expect(await lost).toMatchObject({ path: "/one" });
    leaves.abort();
    expect(await next(test)).toMatchObject({ path: "/one" });
    await respond(test, 1);
    expect(await first).toBe(1);

    const taken = test.app.tui.ask({ path: "/withdrawn", body: 0 }, { ...place, signal: hangsUp.signal });
    hangsUp.abort(new Error("hung up"));
    await expect(taken).rejects.toThrow("hung up");
    const last = ask(test, "/last");
    expect(await next(test)).toMatchObject({ path: "/last" });
    await respond(test, "done");
    expect(await last).toBe("done");
  });

  verifies("GET /tui/control/next", "for ever, but no longer than the server: one that closes ends the wait", async () => {
    await using test = await testServer({ listen: { onFault: () => {} } });
    const waiting = fetch(`${test.url}/tui/control/next`);
    const { promise: asked, resolve } = Promise.withResolvers<void>();
    const original = test.app.tui.next;
    test.app.tui.next = (place) => {
      resolve();
      return original(place);
    };
    await asked;
    await test.listening.close();
    const response = await waiting;
    expect([response.status, await response.json()]).toMatchObject([503, { name: "ServiceUnavailableError" }]);
  });
});
