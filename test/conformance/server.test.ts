import { execFileSync } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { describe, expect } from "vitest";
import { appRouter } from "../../routers/index.ts";
import { listenOptions } from "../../src/cli/serve.ts";
import type { RequestEntry } from "../../src/log/log.ts";
import { type ListenOptions, listen } from "../../src/server/listen.ts";
import { testApp } from "../helpers/app.ts";
import { send } from "../helpers/host.ts";
import { freePort, portHolder } from "../helpers/port.ts";
import { programWorkspace } from "../helpers/program.ts";
import { request } from "../helpers/request.ts";
import { type TestServer, testServer } from "../helpers/server.ts";
import { verifies } from "./verifies.ts";

const basic = (user: string, password: string) => ({ authorization: `Basic ${btoa(`${user}:${password}`)}` });
const allowed = async (url: string, origin: string) =>
  (await send(`${url}/global/health`, { headers: { origin } })).headers["access-control-allow-origin"] === origin;
const session = async ({ url }: TestServer) => (await request<{ id: string }>(`${url}/session`, { method: "POST" })).body.id;

describe("starting", () => {
  verifies(
    ["serve: prints the listening line", "serve: flags", "serve: server section of opencode.json", "opencode run --attach"],
    "a started server says where, as flags and file say, and a command attaches to it",
    async () => {
      const port = await freePort();
      const section = { port, hostname: "127.0.0.1", cors: ["https://file.example"] };
      await using workspace = await programWorkspace({
        files: { "opencode.json": JSON.stringify({ server: section }), "README.md": "# Marmalade\n" },
      });
      const flags = ["--cors", "https://a.example,https://b.example", "--cors", "https://c.example"];
      await using server = await workspace.start(["serve", ...flags, "--print-logs"]);
      expect(await server.listening()).toBe(`http://127.0.0.1:${port}`);
      const url = `http://127.0.0.1:${port}`;
      for (const name of ["file", "a", "b", "c"]) expect(await allowed(url, `https://${name}.example`), name).toBe(true);
      expect(await allowed(url, "https://d.example")).toBe(false);
      expect(server.stdout()).toBe(`opencode server listening on ${url}\n`);
      await server.seen("stderr", /"method":"GET","path":"\/global\/health","status":200/);
      const attached = await workspace.run(["run", "--attach", url, "--model", "offline/guide", "read README.md"]);
      expect(attached).toMatchObject({ code: 0, stdout: expect.stringContaining("Marmalade") });
      const failed = await workspace.run(["run", "--attach", url, "--agent", "nobody", "--model", "offline/guide", "read"]);
      expect(failed).toMatchObject({ code: 2, stdout: "" });
    },
  );

  verifies(["serve: flags", "serve: server section of opencode.json"], "flags win over the file, and origins of both count", () => {
    const file = { port: 5000, hostname: "10.0.0.1", mdns: true, mdnsDomain: "jar.local", cors: ["https://file.example"] };
    expect(listenOptions({}, file)).toMatchObject({ port: 5000, hostname: "10.0.0.1", allowedHosts: ["jar.local"], cors: file.cors });
    const flags = { port: 0, hostname: "127.0.0.1", mdns: true, "mdns-domain": "pot.local", cors: ["https://flag.example"] };
    expect(listenOptions(flags, file)).toMatchObject({
      port: 0,
      hostname: "127.0.0.1",
      allowedHosts: ["pot.local"],
      cors: ["https://file.example", "https://flag.example"],
    });
  });

  verifies("serve: port 0 tries 4096 first", "4096 when it is free, any free port when it is not", async () => {
    await using test = await testApp();
    const options: ListenOptions = { router: appRouter, hostname: "127.0.0.1", port: 0, cors: [], allowedHosts: [] };
    await using first = await listen(test.app, options);
    // Other tests and programs of this machine may hold it, or let it go at any moment.
    const free = async () => {
      await using holder = await portHolder(4096);
      return holder.held;
    };
    if (first.port !== 4096 && (await free())) {
      await using again = await listen(test.app, options);
      expect(again.port === 4096 || !(await free())).toBe(true);
    }
    await using _holder = await portHolder(4096);
    await using second = await listen(test.app, options);
    expect(second.port).not.toBe(4096);
    expect((await request(`${second.url}/global/health`)).status).toBe(200);
  });

  verifies(
    ["serve: refuses a reachable bind without a password", "decision: an exposed bind says how to set a password"],
    "in one line that says how, also where mDNS widens the bind; a flag overrides",
    async () => {
      await using test = await testApp();
      const options: ListenOptions = { router: appRouter, hostname: "0.0.0.0", port: 0, anyPort: true, cors: [], allowedHosts: [] };
      const how = {
        name: "ConfigInvalidError",
        message: expect.stringMatching(/^[^\n]*OPENCODE_SERVER_PASSWORD[^\n]*--unsafe-no-password[^\n]*$/),
      };
      for (const hostname of ["0.0.0.0", "::", "192.0.2.7", listenOptions({ mdns: true }, {}).hostname]) {
        await expect(listen(test.app, { ...options, hostname }), hostname).rejects.toMatchObject(how);
      }
      await expect(listen(test.app, { ...options, password: "" })).rejects.toMatchObject(how);
      for (const protection of [{ password: "peel" }, { unsafeNoPassword: true }]) {
        await using listening = await listen(test.app, { ...options, ...protection });
        expect((await send(`http://127.0.0.1:${listening.port}/global/health`)).status).toBe(200);
      }
    },
  );
});

describe("who may call", () => {
  verifies("serve: Basic authentication", "with a password every request but OPTIONS needs it", async () => {
    await using server = await testServer({ listen: { password: "peel" } });
    const status = async (path: string, options: Parameters<typeof send>[1] = {}) => (await send(server.url + path, options)).status;
    for (const path of ["/session", "/doc", "/event", "/trpc/session.list", "/no/such/path"]) expect(await status(path), path).toBe(401);
    expect(await status("/session", { method: "POST", body: "{}" })).toBe(401);
    expect(await status("/session", { headers: basic("opencode", "peel") })).toBe(200);
    expect(await status("/session", { headers: basic("opencode", "pip") })).toBe(401);
    expect(await status("/session", { headers: basic("ann", "peel") })).toBe(401);
    expect(await status("/session", { method: "OPTIONS" })).toBe(204);
    const { headers, json } = await send(`${server.url}/session`);
    expect(headers["www-authenticate"]).toMatch(/Basic.*Bearer/);
    expect(json).toMatchObject({ name: "UnauthorizedError", data: { message: expect.stringMatching(/Basic.*Bearer/) } });
    await using named = await testServer({ listen: { password: "peel", username: "ann" } });
    expect((await send(`${named.url}/session`, { headers: basic("ann", "peel") })).status).toBe(200);
  });

  verifies("decision: walls and authentication of pages", "health from this machine is open, a foreign page never gets in", async () => {
    await using server = await testServer({ listen: { password: "peel" } });
    const health = (headers = {}) => send(`${server.url}/global/health`, { headers });
    expect((await health()).status).toBe(200);
    expect((await health({ origin: "https://evil.example" })).status).toBe(403);
    expect((await health({ host: "evil.example" })).status).toBe(403);
    const owner = basic("opencode", "peel");
    const foreign = await send(`${server.url}/session`, { method: "POST", headers: { ...owner, origin: "https://evil.example" } });
    expect(foreign).toMatchObject({ status: 403, json: { name: "ForbiddenError" } });
    expect((await send(`${server.url}/session`, { headers: owner })).json).toEqual([]);
    await using open = await testServer();
    for (const path of ["/session", "/doc", "/config"]) expect((await send(open.url + path)).status, path).toBe(200);
  });

  verifies(
    "serve: CORS defaults",
    "local pages, Tauri and opencode.ai are let in, with credentials; what only looks like them is not",
    async () => {
      await using server = await testServer({ listen: { cors: ["https://code.example.com"] } });
      const known = [
        "http://localhost:3000",
        "http://127.0.0.1:5173",
        "tauri://localhost",
        "https://app.opencode.ai",
        "https://opencode.ai",
      ];
      for (const origin of [...known, "https://code.example.com"]) {
        expect(await allowed(server.url, origin), origin).toBe(true);
        const { status, headers } = await send(`${server.url}/session`, {
          method: "OPTIONS",
          headers: { origin, "access-control-request-headers": "x-opencode-directory" },
        });
        expect(status).toBe(204);
        expect(headers).toMatchObject({
          "access-control-allow-credentials": "true",
          "access-control-allow-headers": "x-opencode-directory",
        });
      }
      const lookalikes = ["http://localhost:3000.evil.com", "https://opencode.ai.evil.com", "https://evilopencode.ai", "null"];
      for (const origin of lookalikes) expect(await allowed(server.url, origin), origin).toBe(false);
    },
  );
});

describe("a request", () => {
  verifies("serve: order of a request", "preflight, authentication, log, directory, handler", async () => {
    const log: RequestEntry[] = [];
    const told = () => log.map(({ method, path, status }) => `${method} ${path} ${status}`);
    await using server = await testServer({
      files: { "src/a.ts": "" },
      listen: { password: "peel", onRequest: (entry) => log.push(entry) },
    });
    const headers = basic("opencode", "peel");
    await send(`${server.url}/path`, { method: "OPTIONS" });
    await send(`${server.url}/no/such`, {});
    expect(told()).toEqual([]);
    await send(`${server.url}/no/such`, { headers });
    await send(`${server.url}/log`, { headers, method: "POST", body: "{}" });
    const src = server.repository.join("src");
    const directory = async (path: string, header = {}) =>
      ((await send(server.url + path, { headers: { ...headers, ...header } })).json as { directory: string }).directory;
    expect(await directory(`/path?directory=${encodeURIComponent(src)}`, { "x-opencode-directory": server.repository.path })).toBe(src);
    expect(await directory("/path", { "x-opencode-directory": encodeURIComponent(src) })).toBe(src);
    expect(await directory("/path")).toBe(server.repository.path);
    expect((await send(`${server.url}/file/content?path=a.ts&directory=/etc`, { headers })).json).toMatchObject({ name: "ForbiddenError" });
    await expect.poll(told).toEqual(["GET /no/such 404", ...Array(3).fill("GET /path 200"), "GET /file/content 403"]);
  });

  verifies("serve: NamedError", "every failure has a name, a message and data, and the status of its kind", async () => {
    await using server = await testServer({ listen: { maxBody: 64 } });
    const cases: [string, { method?: string; body?: string }, number, string][] = [
      ["/session/ses_unknown", {}, 404, "NotFoundError"],
      ["/no/such", {}, 404, "NotFoundError"],
      ["/session", { method: "PUT" }, 405, "MethodNotAllowedError"],
      ["/session", { method: "POST", body: "{" }, 400, "BadRequest"],
      ["/session", { method: "POST", body: JSON.stringify({ title: "x".repeat(99) }) }, 413, "PayloadTooLargeError"],
      ["/file/content?path=../x", {}, 403, "ForbiddenError"],
    ];
    for (const [path, options, status, name] of cases) {
      const { status: answered, json, headers } = await send(server.url + path, options);
      expect([answered, json], path).toEqual([status, expect.objectContaining({ name, message: expect.any(String) })]);
      const { message, data } = json as { message: string; data: { message: string } };
      expect(data.message).toBe(message);
      expect(headers["content-type"]).toBe("application/json");
    }
  });

  verifies(
    "serve: no idle time-out, heartbeats, no buffering",
    "silence never ends a stream or an answer: both carry signs of life",
    async () => {
      await using server = await testServer({ listen: { heartbeat: 5, keepAlive: 5 } });
      const stream = await fetch(`${server.url}/event`);
      expect(Object.fromEntries(stream.headers)).toMatchObject({ "x-accel-buffering": "no", "cache-control": "no-cache, no-transform" });
      const reader = stream.body?.pipeThrough(new TextDecoderStream()).getReader();
      let text = "";
      while (text.split("server.heartbeat").length < 4) text += (await reader?.read())?.value ?? "";
      await reader?.cancel();
      const id = await session(server);
      server.model.hang();
      const answer = await fetch(`${server.url}/session/${id}/message`, {
        method: "POST",
        body: JSON.stringify({ parts: [{ type: "text", text: "hi" }] }),
      });
      const body = answer.body?.pipeThrough(new TextDecoderStream()).getReader();
      expect((await body?.read())?.value).toMatch(/^ +$/);
      await server.model.received(1);
      await request(`${server.url}/session/${id}/abort`, { method: "POST" });
      let rest = "";
      for (let chunk = await body?.read(); chunk?.value !== undefined; chunk = await body?.read()) rest += chunk.value;
      expect(JSON.parse(rest)).toMatchObject({ info: { error: { name: "MessageAbortedError" } } });
    },
  );
});

describe("ending", () => {
  verifies("serve: graceful shutdown", "a running write ends and is answered, nothing new is accepted, streams end", async () => {
    await using server = await testServer({ listen: { grace: 60_000 } });
    execFileSync("mkfifo", [server.repository.join("pipe")]);
    const id = await session(server);
    const stream = await fetch(`${server.url}/event`);
    const command = { agent: "build", command: "cat pipe > written.txt" };
    const writing = request(`${server.url}/session/${id}/shell`, { method: "POST", body: command });
    await expect.poll(async () => (await request(`${server.url}/session/status`)).body).toHaveProperty(id);
    const closed = server.listening.close();
    expect(await stream.text()).toContain("server.connected");
    await expect(send(`${server.url}/session`)).rejects.toMatchObject({ code: "ECONNREFUSED" });
    await writeFile(server.repository.join("pipe"), "every byte\n");
    expect(await writing).toMatchObject({ status: 200 });
    await closed;
    expect(await server.repository.read("written.txt")).toBe("every byte\n");
  });
});
