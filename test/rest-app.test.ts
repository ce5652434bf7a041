import { createTRPCClient, createWSClient, httpBatchLink, wsLink } from "@trpc/client";
import superjson from "superjson";
import { describe, expect, it } from "vitest";
import { type AppRouter, appRouter } from "../routers/index.ts";
import { type App, createApp } from "../src/app.ts";
import { type Listening, listen } from "../src/server/listen.ts";
import { restRoutes } from "../src/server/rest.ts";
import { checkAnswers } from "./helpers/answers.ts";
import { gitRepository, type TestRepository, temporaryDirectory } from "./helpers/directory.ts";
import { type Reply, type SendOptions, send } from "./helpers/host.ts";

interface Server extends AsyncDisposable {
  app: App;
  listening: Listening;
  repository: TestRepository;
  send(path: string, options?: SendOptions): Promise<Reply>;
}

/** The real app and procedures, on a repository and a home of their own, with no key and no network. */
async function testServer(): Promise<Server> {
  const home = await temporaryDirectory();
  const repository = await gitRepository({ files: { "README.md": "# Hello\n", "a.ts": "const a = 1;\n" } });
  const env = { PATH: process.env.PATH, HOME: home.path };
  // A model server that happens to run on the machine must not answer for the offline model.
  const fetchLocal = async () => ({});
  const app = await createApp({ directory: repository.path, database: ":memory:", env, version: "1.2.3", fetchLocal });
  const listening = await listen(app, { router: appRouter, hostname: "127.0.0.1", port: 0, anyPort: true, cors: [], allowedHosts: [] });
  const answers = checkAnswers({ url: listening.url, router: appRouter });
  return {
    app,
    listening,
    repository,
    send: (path, options) => send(listening.url + path, options),
    async [Symbol.asyncDispose]() {
      await listening.close();
      await app[Symbol.asyncDispose]();
      await repository[Symbol.asyncDispose]();
      await home[Symbol.asyncDispose]();
      answers[Symbol.dispose]();
    },
  };
}

const post = (body: unknown): SendOptions => ({ method: "POST", body: JSON.stringify(body) });
const malformed: SendOptions = { method: "POST", body: '{"title": }' };
const large: SendOptions = { method: "POST", headers: { "content-length": "40000000" } };
const prompt = { parts: [{ type: "text", text: "read README.md" }], model: { providerID: "offline", modelID: "guide" } };

describe("the real app", () => {
  it("answers a prompt over REST, and tells the same steps to an event stream, a subscription and the list of messages", async () => {
    await using server = await testServer();
    const session = (await server.send("/session", { method: "POST" })).json as { id: string };
    const stream = await fetch(`${server.listening.url}/event?after=0`);
    const client = createWSClient({ url: `${server.listening.url.replace("http", "ws")}/trpc` });
    const trpc = createTRPCClient<AppRouter>({ links: [wsLink({ client, transformer: superjson })] });
    const subscribed = Promise.withResolvers<string[]>();
    const types: string[] = [];
    trpc.event.subscribe.subscribe(
      { after: 0 },
      {
        onData({ data }) {
          if (data.type !== "message.part.delta") types.push(data.type);
          if (data.type === "session.idle") subscribed.resolve(types);
        },
        onError: subscribed.reject,
      },
    );

    const reply = await server.send(`/session/${session.id}/message`, post(prompt));
    expect([reply.status, JSON.stringify(reply.json)]).toEqual([200, expect.stringContaining("# Hello")]);

    let text = "";
    for await (const chunk of stream.body?.pipeThrough(new TextDecoderStream()) ?? []) {
      text += chunk;
      if (text.includes('"session.idle"')) break;
    }
    const streamed = [...text.matchAll(/^data: \{"id":"[^"]+","type":"([^"]+)"/gm)].map((match) => match[1]);
    const durable = (all: (string | undefined)[]) => all.filter((type) => type !== "message.part.delta" && type !== "server.connected");
    const seen = durable(await subscribed.promise);
    expect(durable(streamed)).toEqual(seen.slice(0, durable(streamed).length));
    expect(seen).toEqual(expect.arrayContaining(["session.created", "message.updated", "message.part.updated", "session.idle"]));
    const messages = (await server.send(`/session/${session.id}/message`)).json as unknown[];
    expect(messages.at(-1)).toEqual(reply.json);
    await client.close();
  });

  it("answers a prompt it goes on with by 204, and the same address over tRPC", async () => {
    await using server = await testServer();
    const trpc = createTRPCClient<AppRouter>({ links: [httpBatchLink({ url: `${server.listening.url}/trpc`, transformer: superjson })] });
    const session = await trpc.session.create.mutate({ title: "mine" });
    const reply = await server.send(`/session/${session.id}/prompt_async`, post({ ...prompt, noReply: true }));
    expect([reply.status, reply.text]).toEqual([204, ""]);
    expect((await server.send(`/session/${session.id}`)).json).toEqual(await trpc.session.get.query({ sessionID: session.id }));
    expect((await server.send("/session?roots=false&limit=1")).json).toHaveLength(1);
  });

  it.each<{ fault: string; path: string; options?: SendOptions; status: number; name: string; named: string }>([
    { fault: "an unknown session", path: "/session/ses_nope", status: 404, name: "NotFoundError", named: "ses_nope" },
    { fault: "an unknown path", path: "/nowhere", status: 404, name: "NotFoundError", named: "/nowhere" },
    { fault: "a wrong method", path: "/session", options: { method: "PUT" }, status: 405, name: "MethodNotAllowedError", named: "PUT" },
    { fault: "malformed JSON", path: "/session", options: malformed, status: 400, name: "BadRequest", named: "line 1, column 11" },
    { fault: "a wrong type in the body", path: "/session", options: post({ title: 5 }), status: 400, name: "BadRequest", named: "title" },
    { fault: "a wrong type in the query", path: "/session?limit=abc", status: 400, name: "BadRequest", named: "limit" },
    { fault: "a missing field", path: "/find", status: 400, name: "BadRequest", named: "pattern" },
    { fault: "a directory outside the roots", path: "/path?directory=%2F", status: 403, name: "ForbiddenError", named: "--root" },
    { fault: "a directory that is not there", path: "/path?directory=nowhere", status: 404, name: "NotFoundError", named: "nowhere" },
    { fault: "a body over the limit", path: "/session", options: large, status: 413, name: "PayloadTooLargeError", named: "33554432" },
  ])("answers $fault with its status, its name and the fault", async ({ path, options, status, name, named }) => {
    await using server = await testServer();
    const reply = await server.send(path, options);
    const body = reply.json as { name: string; message: string; data: { message: string } };
    expect([reply.status, body.name]).toEqual([status, name]);
    expect(body.message).toContain(named);
    expect(body.data.message).toBe(body.message);
  });

  it("documents every address it answers, each shape once", async () => {
    await using server = await testServer();
    const document = (await server.send("/doc")).json as {
      paths: Record<string, Record<string, { operationId: string }>>;
      components: { schemas: object };
    };
    const documented = Object.entries(document.paths).flatMap(([path, item]) => Object.keys(item).map((method) => `${method} ${path}`));
    // OpenAPI has no word for a parameter that takes the rest of a path: such aliases are told in the description of their main address.
    const expressible = [...restRoutes(appRouter)].filter(({ path }) => !path.includes("..."));
    for (const { method, path } of expressible) expect(documented).toContain(`${method.toLowerCase()} ${path}`);
    const names = Object.keys(document.components.schemas);
    expect(names.filter((name) => name.endsWith("Output") && names.includes(name.slice(0, -"Output".length)))).toEqual([]);
    expect(names.filter((name) => name.startsWith("__"))).toEqual([]);
  });
});
