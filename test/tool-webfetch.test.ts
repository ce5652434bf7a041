import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { brotliCompressSync, gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { runTool } from "../src/tool/registry.ts";
import { isPublic } from "../src/tool/web-address.ts";
import type { WebOptions } from "../src/tool/web-request.ts";
import { createWebfetch } from "../src/tool/webfetch.ts";
import { say, testApp, textOf } from "./helpers/app.ts";
import { workbench } from "./helpers/tool.ts";

/** A real web server that answers by path. */
async function site(pages: Record<string, RequestListener>): Promise<{ url: string; port: number; seen: string[] } & AsyncDisposable> {
  const seen: string[] = [];
  const server = createServer((request, response) => {
    seen.push(`${request.headers.host}${request.url}`);
    const page = pages[request.url ?? "/"];
    if (page) page(request, response);
    else response.writeHead(404).end("nothing here");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    seen,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

const sends =
  (body: string | Buffer, type = "text/html; charset=utf-8", headers: Record<string, string> = {}): RequestListener =>
  (_request, response) =>
    void response.writeHead(200, { "content-type": type, ...headers }).end(body);

const redirects =
  (location: string): RequestListener =>
  (_request, response) =>
    void response.writeHead(302, { location }).end();

async function fetcher(options: Partial<WebOptions> = {}) {
  const bench = await workbench();
  const tool = createWebfetch({ allowPrivate: true, ...options });
  return {
    asks: bench.asks,
    fetch: (input: Record<string, unknown>, change = {}) => runTool(tool, input, { ...bench.context, ...change }),
    [Symbol.asyncDispose]: () => bench[Symbol.asyncDispose](),
  };
}

const sentence = "A paragraph of an article says something at length, with commas, so that it counts as one. ";
const article = `<!doctype html><html><head><title>The Title</title><style>p{}</style><script>evil()</script></head><body>
<nav><a href="/home">Home</a><a href="/about">About</a></nav>
<article><h1>The Title</h1><p>${sentence.repeat(4)}</p><h2 id="x">Second</h2>
<p>See <a href="../other.html">the other</a> and <code>code</code>. ${sentence.repeat(3)}</p>
<pre><code class="language-ts">const a = 1;\n  let b;</code></pre>
<ul><li>one</li><li>two</li></ul>
<table><thead><tr><th>Name</th><th>Is</th></tr></thead><tbody><tr><td>a</td><td>1</td></tr></tbody></table></article>
<footer>Copyright</footer></body></html>`;

test("a page becomes its article in Markdown, with whole links and without what frames it", async () => {
  await using web = await site({ "/docs/page.html": sends(article) });
  await using bench = await fetcher();
  const url = `${web.url}/docs/page.html`;
  const result = await bench.fetch({ url });
  expect(result.title).toBe(`${url} (text/html)`);
  expect(result.output).toContain("The Title");
  expect(result.output).toContain("## Second");
  expect(result.output).toContain(`[the other](${web.url}/other.html)`);
  expect(result.output).toContain("const a = 1;\n  let b;\n```");
  expect(result.output).toContain("-   one");
  expect(result.output).toContain("| Name | Is |\n| --- | --- |\n| a | 1 |");
  for (const frame of ["About", "Copyright", "evil", "<p>"]) expect(result.output).not.toContain(frame);
  expect(bench.asks).toEqual([
    { permission: "webfetch", patterns: [url], always: [`${web.url}/*`], metadata: { url, format: "markdown", timeout: 30 } },
  ]);
});

test("text has no markup, html is the page as it was sent, other texts come as they are", async () => {
  await using web = await site({
    "/page": sends(article),
    "/list": sends("<title>List</title><body><nav>menu</nav><p>one</p><p>two <b>bold</b></p><footer>end</footer>"),
    "/data": sends('{"a": 1}', "application/json"),
    "/plain": sends("just text", "text/plain"),
    "/latin": sends(Buffer.from("caf\xe9", "latin1"), "text/plain; charset=iso-8859-1"),
  });
  await using bench = await fetcher();
  const get = async (path: string, format?: string) => (await bench.fetch({ url: web.url + path, format })).output;
  expect(await get("/page", "text")).toContain("const a = 1;\n  let b;");
  expect(await get("/page", "text")).not.toMatch(/[<>#]|\]\(/);
  expect(await get("/page", "html")).toBe(article);
  expect(await get("/list", "text")).toBe("List\n\none\n\ntwo bold");
  expect(await get("/list")).toBe("# List\n\none\n\ntwo **bold**");
  expect(await get("/data")).toBe('{"a": 1}');
  expect(await get("/plain")).toBe("just text");
  expect(await get("/latin")).toBe("café");
});

test("images come as attachments, other files are refused", async () => {
  const png = Buffer.from("\x89PNG\r\n\x1a\n\0", "latin1");
  await using web = await site({ "/a.png": sends(png, "image/png"), "/a.zip": sends("PK", "application/zip") });
  await using bench = await fetcher();
  const result = await bench.fetch({ url: `${web.url}/a.png` });
  expect(result.attachments).toEqual([{ mime: "image/png", url: `data:image/png;base64,${png.toString("base64")}`, filename: "a.png" }]);
  await expect(bench.fetch({ url: `${web.url}/a.zip` })).rejects.toThrow("of type application/zip, which cannot be shown");
});

test("packed answers are unpacked; what is larger than 5 MB, packed or not, is refused", async () => {
  const large = "x".repeat(6 * 1024 * 1024);
  await using web = await site({
    "/gzip": sends(gzipSync("hello"), "text/plain", { "content-encoding": "gzip" }),
    "/br": sends(brotliCompressSync("hello"), "text/plain", { "content-encoding": "br" }),
    "/bomb": sends(gzipSync(large), "text/plain", { "content-encoding": "gzip" }),
    "/large": sends(large, "text/plain"),
    "/endless": (_request, response) => {
      response.writeHead(200, { "content-type": "text/plain" });
      const more = () => void (response.write(large) ? setImmediate(more) : response.once("drain", more));
      more();
    },
  });
  await using bench = await fetcher();
  for (const path of ["/gzip", "/br"]) expect((await bench.fetch({ url: web.url + path })).output).toBe("hello");
  for (const path of ["/bomb", "/large", "/endless"]) await expect(bench.fetch({ url: web.url + path }), path).rejects.toThrow("5 MB");
});

test("a status that is none of success, a silent server and an abort end the call with their reason", async () => {
  await using web = await site({ "/silent": () => {} });
  await using bench = await fetcher();
  await expect(bench.fetch({ url: `${web.url}/none` })).rejects.toThrow("answered 404 Not Found");
  await expect(bench.fetch({ url: `${web.url}/silent`, timeout: 0.05 })).rejects.toThrow("not there within 0.05 seconds");
  const controller = new AbortController();
  const running = bench.fetch({ url: `${web.url}/silent` }, { signal: controller.signal });
  controller.abort(new Error("stopped by the user"));
  await expect(running).rejects.toThrow("stopped by the user");
  await expect(bench.fetch({ url: "http://127.0.0.1:1/" })).rejects.toThrow("cannot be reached");
  for (const url of ["file:///etc/passwd", "ftp://a.b/c", "example.com"])
    await expect(bench.fetch({ url })).rejects.toThrow("must begin with http");
  await expect(bench.fetch({ url: "http://me:secret@example.com/" })).rejects.toThrow("user name or password");
});

test("redirects are followed; one to another site asks again, one in a circle ends", async () => {
  await using other = await site({ "/end": sends("the end", "text/plain") });
  await using web = await site({
    "/a": redirects("/b?c=1"),
    "/b?c=1": redirects(`${other.url}/end`),
    "/circle": redirects("/circle"),
    "/file": redirects("file:///etc/passwd"),
  });
  await using bench = await fetcher();
  expect((await bench.fetch({ url: `${web.url}/a` })).output).toBe("the end");
  expect(bench.asks.map(({ patterns }) => patterns[0])).toEqual([`${web.url}/a`, `${other.url}/end`]);
  await expect(bench.fetch({ url: `${web.url}/circle` })).rejects.toThrow("more than 10 times");
  await expect(bench.fetch({ url: `${web.url}/file` })).rejects.toThrow("not an http or https address");
  const ask = async ({ patterns }: { patterns: string[] }) => {
    if (patterns[0]?.startsWith(other.url)) throw new Error("refused");
  };
  const before = other.seen.length;
  await expect(bench.fetch({ url: `${web.url}/a` }, { ask })).rejects.toThrow("refused");
  expect(other.seen).toHaveLength(before);
});

test.each([
  ...["127.0.0.1", "127.9.9.9", "10.1.2.3", "172.16.0.1", "172.31.255.255", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0"],
  ...[
    "224.0.0.1",
    "255.255.255.255",
    "198.18.0.1",
    "::1",
    "::",
    "fe80::1",
    "fe80::1%eth0",
    "fc00::1",
    "fd12::1",
    "ff02::1",
    "::ffff:10.0.0.1",
  ],
  ...["::ffff:7f00:1", "64:ff9b::7f00:1", "64:ff9b::10.0.0.1", "2002:7f00:1::", "2001:db8::1", "2001::1", "no address", ""],
])("%s is not an address of the public internet", (address) => {
  expect(isPublic(address)).toBe(false);
});

test.each(["8.8.8.8", "172.32.0.1", "100.63.0.1", "2606:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808", "64:ff9b::8.8.8.8"])(
  "%s is",
  (address) => {
    expect(isPublic(address)).toBe(true);
  },
);

test("private addresses are refused, by number, by name, by any of a name's addresses and after a redirect", async () => {
  await using web = await site({ "/": sends("secret", "text/plain"), "/away": redirects("/") });
  const names: Record<string, string[]> = { "inside.test": ["192.168.7.7"], "mixed.test": ["93.184.215.14", "127.0.0.1"] };
  const lookup = async (name: string) => (names[name] ?? []).map((address) => ({ address, family: 4 }));
  await using bench = await fetcher({ allowPrivate: false, lookup });
  const urls = [
    web.url,
    `http://2130706433:${web.port}/`,
    `http://0x7f.1:${web.port}/`,
    `http://[::1]:${web.port}/`,
    `http://[::ffff:127.0.0.1]:${web.port}/`,
  ];
  for (const url of [...urls, "http://inside.test/", "http://mixed.test/"]) {
    await expect(bench.fetch({ url }), url).rejects.toThrow("of this machine or its networks");
  }
  expect(web.seen).toEqual([]);
});

test("the address that was checked is the one that is connected to: a name that leads elsewhere a moment later gains nothing", async () => {
  await using web = await site({ "/": sends("pinned", "text/plain"), "/again": redirects("/") });
  let asked = 0;
  const lookup = async () => [{ address: asked++ === 0 ? "127.0.0.1" : "127.0.0.2", family: 4 }];
  await using bench = await fetcher({ lookup });
  expect((await bench.fetch({ url: `http://name.test:${web.port}/` })).output).toBe("pinned");
  expect(asked).toBe(1);
  expect(web.seen).toEqual([`name.test:${web.port}/`]);
});

test("in a session: the page's text reaches the model where the server allows private addresses, and the refusal elsewhere", async () => {
  await using web = await site({ "/": sends("<p>The answer is 42.</p>") });
  for (const isOpen of [true, false]) {
    await using server = await testApp(isOpen ? { variables: { CODEPORT_WEBFETCH_PRIVATE: "1" } } : {});
    server.model.calls({ name: "webfetch", input: { url: web.url } }).text("Read.");
    const session = await server.app.sessions.create(server.repository.path, { title: "W" });
    expect(textOf(await server.app.sessions.prompt(session.id, say("fetch it")))).toBe("Read.");
    const told = JSON.stringify(server.model.requests()[1]?.body.messages.at(-1));
    expect(told).toContain(isOpen ? "The answer is 42." : "of this machine or its networks");
  }
});
