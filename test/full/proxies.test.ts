import { type ChildProcess, execFileSync, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import type { IncomingMessage } from "node:http";
import { type RequestOptions, request as send } from "node:https";
import { join } from "node:path";
import { EventSourceParserStream } from "eventsource-parser/stream";
import { describe, expect, test } from "vitest";
import { type TestDirectory, temporaryDirectory } from "../helpers/directory.ts";
import { freePort } from "../helpers/port.ts";
import { programWorkspace } from "../helpers/program.ts";

const name = "code.example.com";
const folder = join(import.meta.dirname, "..", "..", "docs", "deployment");
const can = (program: string, word: string) => spawnSync(program, [word]).status === 0;
const canCertify = can("openssl", "version");

interface Place {
  directory: TestDirectory;
  /** Where the proxy listens, and the server. */
  port: number;
  server: number;
}

/** A proxy with the configuration of the documents, but for names of files and ports. */
interface Proxy {
  program: string;
  /** What tells that it is installed. */
  check: string;
  install: string;
  /** Writes its configuration; resolves with its arguments. */
  configure(place: Place): Promise<string[]>;
}

const nginx: Proxy = {
  program: "nginx",
  check: "-v",
  install: "apt install nginx-light",
  async configure({ directory, port, server }) {
    const written = (await readFile(join(folder, "nginx.conf"), "utf8"))
      .replace("listen 443 ssl", `listen 127.0.0.1:${port} ssl`)
      .replace("127.0.0.1:4096", `127.0.0.1:${server}`)
      .replace("/etc/ssl/code.example.com.pem", directory.join("cert.pem"))
      .replace("/etc/ssl/code.example.com.key", directory.join("key.pem"));
    const kinds = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map((kind) => `${kind}_temp_path ${directory.join(kind)};`);
    const whole = `daemon off; pid ${directory.join("pid")}; error_log stderr; events {}\nhttp { access_log off; ${kinds.join(" ")}\n${written}}\n`;
    await directory.write({ "nginx.conf": whole });
    return ["-p", directory.path, "-e", "stderr", "-c", directory.join("nginx.conf")];
  },
};

const caddy: Proxy = {
  program: "caddy",
  check: "version",
  install: "apt install caddy",
  async configure({ directory, port, server }) {
    const tls = `\ttls ${directory.join("cert.pem")} ${directory.join("key.pem")}\n\tbind 127.0.0.1`;
    const written = (await readFile(join(folder, "Caddyfile"), "utf8"))
      .replace(`${name} {`, `https://${name}:${port}, https://127.0.0.1:${port} {\n${tls}`)
      .replace("127.0.0.1:4096", `127.0.0.1:${server}`);
    await directory.write({ Caddyfile: `{\n\tadmin off\n\tauto_https disable_redirects\n}\n${written}` });
    return ["run", "--adapter", "caddyfile", "--config", directory.join("Caddyfile")];
  },
};

function certify(directory: TestDirectory): void {
  const words = ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", "-subj", `/CN=${name}`];
  const names = ["-addext", `subjectAltName=DNS:${name},IP:127.0.0.1`];
  const files = ["-keyout", directory.join("key.pem"), "-out", directory.join("cert.pem")];
  execFileSync("openssl", [...words, ...names, ...files], { stdio: "ignore" });
}

/** Resolves when the proxy takes connections; rejects with what it said when it ends before. */
async function startProxy({ program, configure }: Proxy, place: Place): Promise<AsyncDisposable> {
  const { path } = place.directory;
  const env = { PATH: process.env.PATH, HOME: path, XDG_DATA_HOME: path, XDG_CONFIG_HOME: path };
  const child: ChildProcess = spawn(program, await configure(place), { env, stdio: ["ignore", "ignore", "pipe"] });
  const said: string[] = [];
  child.stderr?.setEncoding("utf8").on("data", (chunk: string) => said.push(chunk));
  const ended = once(child, "exit");
  for (;;) {
    if (child.exitCode !== null) throw new Error(`${program} ended with ${child.exitCode}: ${said.join("")}`);
    if (await call(place, "/code/global/health").catch(() => undefined)) break;
  }
  return {
    async [Symbol.asyncDispose]() {
      child.kill("SIGTERM");
      await ended;
    },
  };
}

const login = { authorization: `Basic ${btoa("opencode:peel")}` };

/** As a browser would ask for it under the public name. */
async function call({ port, directory }: Place, path: string, options: RequestOptions & { body?: object } = {}): Promise<IncomingMessage> {
  const { headers, body, ...rest } = options;
  const ca = await readFile(directory.join("cert.pem"));
  const type = body && { "content-type": "application/json" };
  const place = { host: "127.0.0.1", servername: name, port, path, ca, agent: false };
  const sent = send({ ...place, ...rest, headers: { host: name, ...type, ...headers } });
  sent.end(body && JSON.stringify(body));
  const [response] = await once(sent, "response");
  return response;
}

async function jsonOf<Value>(response: IncomingMessage): Promise<Value> {
  return JSON.parse((await response.setEncoding("utf8").toArray()).join(""));
}

describe.each([nginx, caddy])("behind $program, as the documents configure it", (proxy) => {
  test("pages, events, WebSockets and answers come through under a path of their own, and foreign pages do not", async ({ skip }) => {
    if (!can(proxy.program, proxy.check)) skip(`${proxy.program} is not installed (Debian: ${proxy.install})`);
    if (!canCertify) skip("openssl is not installed");
    await using directory = await temporaryDirectory();
    certify(directory);
    const place: Place = { directory, port: await freePort(), server: await freePort() };
    await using workspace = await programWorkspace({ files: { "README.md": "# Marmalade\n" } });
    const words = ["serve", "--port", String(place.server), "--base-path", "/code", "--allowed-host", name];
    await using server = await workspace.start(words, { env: { OPENCODE_SERVER_PASSWORD: "peel" } });
    await server.listening();
    await using _proxy = await startProxy(proxy, place);

    expect((await call(place, "/code/session")).statusCode).toBe(401);
    const page = await call(place, "/code/web/", { headers: { accept: "text/html" } });
    expect((await page.setEncoding("utf8").toArray()).join("")).toContain('<base href="/code/web/">');
    const own = { ...login, origin: `https://${name}` };
    const foreign = await call(place, "/code/session", { method: "POST", headers: { ...login, origin: "https://evil.example" }, body: {} });
    expect(foreign.statusCode).toBe(403);

    // Had the proxy kept the small frames back, nothing of this would ever arrive.
    const stream = await call(place, "/code/event", { headers: own });
    const frames = framesOf(stream);
    expect(await frames.next()).toMatchObject({ type: "server.connected" });
    const created = await jsonOf<{ id: string }>(
      await call(place, "/code/session", { method: "POST", headers: own, body: { title: "By proxy" } }),
    );
    expect(await frames.next()).toMatchObject({ type: "session.created", properties: { sessionID: created.id } });
    stream.destroy();
    const shared = await jsonOf<{ share: { url: string } }>(
      await call(place, `/code/session/${created.id}/share`, { method: "POST", headers: own }),
    );
    expect(shared.share.url.startsWith(`https://${name}/code/`)).toBe(true);

    const env = { OPENCODE_SERVER_PASSWORD: "peel", NODE_EXTRA_CA_CERTS: directory.join("cert.pem") };
    const run = ["run", "--attach", `https://127.0.0.1:${place.port}/code`, "--model", "offline/guide", "read README.md"];
    expect(await workspace.run(run, { env })).toMatchObject({ code: 0, stdout: expect.stringContaining("Marmalade") });
  });
});

/** The events of a stream, one by one, without heartbeats. */
function framesOf(response: IncomingMessage): { next(): Promise<{ type: string; properties: object }> } {
  const chunks = ReadableStream.from<Uint8Array>(response).pipeThrough(new TextDecoderStream());
  const reader = chunks.pipeThrough(new EventSourceParserStream()).getReader();
  return {
    async next() {
      for (;;) {
        const { value } = await reader.read();
        if (value === undefined) throw new Error("The stream ended.");
        const event = JSON.parse(value.data);
        if (event.type !== "server.heartbeat") return event;
      }
    },
  };
}
