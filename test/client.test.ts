import type { AnyRouter, inferRouterInputs, inferRouterOutputs } from "@trpc/server";
import { describe, expect, test } from "vitest";
import type { AppRouter as ServerRouter } from "../routers/index.ts";
import { type AppRouter, createClient, type Event, type PermissionReply, type PermissionRequest } from "../src/client/client.ts";
import { clientTypes, writtenTypes } from "./fixtures/client-types.ts";
import { testServer } from "./helpers/server.ts";

/** Without the subscriptions, whose outputs are streams of the host's own kind. */
type Outputs<Router extends AnyRouter> = Omit<inferRouterOutputs<Router>, "event" | "api">;

describe("the client's types", () => {
  test("are made from the router as it is", () => {
    expect(writtenTypes(), "run: npm run client:types").toBe(clientTypes());
  });

  test("take what the router takes and give what it gives", () => {
    // Assignments in both directions: the compiler says where they part.
    const inputs = (ours: inferRouterInputs<AppRouter>): inferRouterInputs<ServerRouter> => ours;
    const inputsBack = (theirs: inferRouterInputs<ServerRouter>): inferRouterInputs<AppRouter> => theirs;
    const outputs = (theirs: Outputs<ServerRouter>): Outputs<AppRouter> => theirs;
    const outputsBack = (ours: Outputs<AppRouter>): Outputs<ServerRouter> => ours;
    expect([inputs, inputsBack, outputs, outputsBack].every((same) => typeof same === "function")).toBe(true);
  });
});

describe.each(["ws", "sse"] as const)("a client over %s", (transport) => {
  test("runs a prompt: parts while they are written, then text, tokens and cost", async () => {
    await using server = await testServer({ listen: { password: "secret" } });
    server.model.text("Forty-two.");
    await using client = createClient({ url: server.url, password: "secret", transport });
    const run = client.run("What is the answer?");
    const kinds = new Set<string>();
    let written = "";
    for await (const update of run) {
      kinds.add(update.type === "part" ? update.part.type : update.type);
      if (update.type === "delta") written += update.delta;
    }
    const { text, tokens, cost, message, sessionID } = await run.result;
    expect({ text, error: message.error }).toEqual({ text: "Forty-two.", error: undefined });
    expect(tokens.input + tokens.output).toBeGreaterThan(0);
    expect(cost).toBeGreaterThanOrEqual(0);
    expect([...kinds]).toEqual(expect.arrayContaining(["step-start", "text", "delta", "step-finish"]));
    expect("Forty-two.").toContain(written);
    expect((await client.api.session.get.query({ sessionID })).id).toBe(sessionID);
  });

  test("answers permissions, and stops the turn with its signal", async () => {
    await using server = await testServer({ config: { permission: { bash: "ask" } } });
    server.model.calls([{ name: "bash", input: { command: "echo marmalade", description: "Say it" } }]).text("Said.");
    await using client = createClient({ url: server.url, transport });
    const asked: string[] = [];
    const { text, parts } = await client.run({
      text: "say it",
      onPermission: ({ permission }) => {
        asked.push(permission);
        return "once";
      },
    }).result;
    expect({ text, asked }).toEqual({ text: "Said.", asked: ["bash"] });
    expect(parts.some((part) => part.type === "tool" && part.state.status === "completed" && part.state.output.includes("marmalade"))).toBe(
      true,
    );

    server.model.calls({ name: "bash", input: { command: "echo one", description: "Say it" } });
    server.model.calls({ name: "bash", input: { command: "echo two", description: "Say it" } }).text("Both said.");
    const answers: string[] = [];
    const onPermission = ({ always }: PermissionRequest): PermissionReply => {
      answers.push(...always);
      return "session";
    };
    expect((await client.run({ text: "say both", onPermission }).result).text).toBe("Both said.");
    expect(answers).toEqual(["echo *"]);

    server.model.hang("Never");
    const abort = new AbortController();
    const run = client.run({ text: "go on for ever", signal: abort.signal });
    for await (const update of run) if (update.type === "part" && update.part.type === "text") abort.abort();
    expect((await run.result).error).toMatchObject({ name: "MessageAbortedError" });
  });

  test("sends a prompt again under the same messageID, and gets the first answer", async () => {
    await using server = await testServer();
    server.model.text("Once.");
    await using client = createClient({ url: server.url, transport });
    const prompt = { text: "only once", messageID: "msg_again" };
    const { sessionID, text } = await client.run(prompt).result;
    const again = await client.run({ ...prompt, sessionID }).result;
    expect([text, again.text]).toEqual(["Once.", "Once."]);
    expect(server.model.requests()).toHaveLength(1);
  });

  test("reads events after a position, without a gap and none twice", async () => {
    await using server = await testServer();
    await using client = createClient({ url: server.url, transport });
    const start = await server.app.log.position();
    const made: string[] = [];
    for (let count = 0; count < 5; count += 1) made.push((await client.api.session.create.mutate({ title: `Session ${count}` })).id);
    const read = async (after: number, enough: (event: Event) => boolean) => {
      const seen: { position: number; sessionID: string }[] = [];
      for await (const { position, event } of client.events({ after })) {
        if (event.type === "session.created") seen.push({ position, sessionID: event.properties.sessionID });
        if (enough(event)) return seen;
      }
      throw new Error("The events ended.");
    };
    const third = (event: Event) => event.type === "session.created" && event.properties.sessionID === made[2];
    const last = (event: Event) => event.type === "session.created" && event.properties.sessionID === made[4];
    const first = await read(start, third);
    const rest = await read(first.at(-1)?.position ?? 0, last);
    expect([...first, ...rest].map(({ sessionID }) => sessionID)).toEqual(made);
  });

  test("says why a call was refused", async () => {
    await using server = await testServer({ listen: { password: "secret" } });
    await using client = createClient({ url: server.url, password: "wrong", transport });
    await expect(client.api.session.list.query({})).rejects.toMatchObject({ data: { name: "UnauthorizedError", httpStatus: 401 } });
    await using right = createClient({ url: server.url, password: "secret", transport });
    await expect(right.run({ sessionID: "ses_000000000000aaaaaaaaaaaaaa", text: "hello" }).result).rejects.toMatchObject({
      data: { name: "NotFoundError", httpStatus: 404 },
    });
  });
});

describe("a client with tickets", () => {
  test("opens each WebSocket with a ticket of its own, and no address holds the password", async () => {
    const addresses: string[] = [];
    await using server = await testServer({ listen: { password: "secret" } });
    const { WebSocket } = globalThis;
    globalThis.WebSocket = class extends WebSocket {
      constructor(address: string | URL) {
        super(address);
        addresses.push(String(address));
      }
    };
    const restore = () => {
      globalThis.WebSocket = WebSocket;
    };
    using _restored = { [Symbol.dispose]: restore };
    for (const round of [1, 2]) {
      await using client = createClient({ url: server.url, password: "secret", tickets: true });
      const first = await client.events().next();
      expect([round, first.value?.event.type]).toEqual([round, "server.connected"]);
    }
    const tickets = addresses.map((address) => new URL(address).searchParams);
    expect(new Set(tickets.map((query) => query.get("ticket"))).size).toBe(2);
    expect(tickets.map((query) => query.has("auth_token"))).toEqual([false, false]);
  });
});
