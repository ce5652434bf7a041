import { execFileSync } from "node:child_process";
import { mkdir, symlink } from "node:fs/promises";
import { request as httpRequest } from "node:http";
import { basename } from "node:path";
import { describe, expect, it } from "vitest";
import { type TestDirectory, type TestRepository, temporaryDirectory } from "../helpers/directory.ts";
import { request } from "../helpers/request.ts";
import { type TestServer, testServer } from "../helpers/server.ts";

const secret = "bytes-from-outside";
const outsideFiles = { "secret.txt": `${secret}\n`, [`deep/${secret}.txt`]: `${secret}\n`, "opencode.json": `{"username":"${secret}"}\n` };

interface Setting extends AsyncDisposable {
  server: TestServer;
  outside: TestDirectory;
}

async function setting(): Promise<Setting> {
  const outside = await temporaryDirectory({ files: outsideFiles });
  const server = await testServer({ files: { "src/a.ts": "inside\n", "src/deep/b.ts": "inside\n" } });
  await plantLinks(server.repository, outside);
  return {
    server,
    outside,
    async [Symbol.asyncDispose]() {
      await server[Symbol.asyncDispose]();
      await outside[Symbol.asyncDispose]();
    },
  };
}

/** Links of every kind that lead out, one of them committed as a cloned repository would bring it. */
async function plantLinks(repository: TestRepository, outside: TestDirectory): Promise<void> {
  const way = `../${basename(outside.path)}`;
  const links: Record<string, string> = {
    "link-file": outside.join("secret.txt"),
    "link-directory": outside.path,
    "link-relative": `${way}/secret.txt`,
    "link-up": "..",
    "link-root": "/",
    "link-chain": "link-file",
    "link-through": "link-directory/secret.txt",
    "link-dangling": `${way}/none`,
    "src/link-file": `../${way}/secret.txt`,
    "src/link-directory": `../${way}`,
    "src/deep/link-up": "../../..",
    "link-inside-out": "src/deep/link-up",
    "link-proc": "/proc/self/root",
  };
  for (const [name, target] of Object.entries(links)) await symlink(target, repository.join(name));
  await mkdir(repository.join("empty"));
  await repository.commit("links");
}

/** Paths that lead to the secret, or would with a server that decodes, trims or follows once too often. */
function vectors({ server, outside }: Setting): string[] {
  const name = basename(outside.path);
  const targets = [`${name}/secret.txt`, `${name}/deep`, name];
  const ups = ["../", "./../", "src/../../", "src/deep/../../../", ".//../", "src/./../../", "none/../../", "empty/../../", "../x/../"];
  const plain = targets.flatMap((target) => ups.map((up) => up + target));
  const encodings: [RegExp, string][] = [
    [/\.\.\//g, "%2e%2e/"],
    [/\.\.\//g, "..%2f"],
    [/\.\.\//g, "%2E%2E%2F"],
    [/\.\.\//g, "%252e%252e%252f"],
    [/\.\.\//g, "..%255c"],
    [/\.\.\//g, "..%5c"],
    [/\.\.\//g, "..\\"],
    [/\.\.\//g, "%25252e%25252e%25252f"],
    [/\.\.\//g, "....//"],
    [/\.\.\//g, "..;/"],
    [/\.\.\//g, "．．／"],
    [/\.\.\//g, "..//"],
    [/\.\.\//g, ".%00./"],
    [/^/g, "\0"],
    [/$/g, "\0.ts"],
  ];
  const encoded = plain.slice(0, 8).flatMap((path) => encodings.map(([from, to]) => path.replace(from, to)));
  const absolute = [outside.path, outside.join("secret.txt"), outside.join("deep"), "/etc/passwd", "/etc", "/", "/proc/self/environ"];
  const dressed = absolute.flatMap((path) => [
    path,
    `/${path}`,
    `/proc/self/root${path}`,
    `${server.repository.path}/../..${path}`,
    `src/../../..${path}`,
  ]);
  const linked = ["link-file", "link-relative", "link-chain", "link-through", "link-dangling", "src/link-file", "link-up", "link-root"];
  const ends = ["", "/secret.txt", `/${name}/secret.txt`, `${outside.path}/secret.txt`];
  const folders = ["link-directory", "link-up", "link-root", "src/link-directory", "src/deep/link-up", "link-inside-out", "link-proc"];
  const through = [...linked, ...folders.flatMap((folder) => ends.map((end) => folder + end))];
  return [...new Set([...plain, ...encoded, ...dressed, ...through, "src/../link-file", "./link-file", "link-directory/../link-file"])];
}

/** Sends a path as it is: `fetch` would take the dots out of it. */
function raw(server: TestServer, path: string): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const sent = httpRequest({ port: server.listening.port, host: "127.0.0.1", path, agent: false }, async (response) => {
      resolve({ status: response.statusCode ?? 0, text: Buffer.concat(await response.toArray()).toString() });
    });
    sent.on("error", reject).end();
  });
}

const expectShut = (answer: { status: number; text: string }, what: string) => {
  expect([400, 403, 404], `${what}: ${answer.text}`).toContain(answer.status);
  expect(JSON.parse(answer.text), what).toMatchObject({ name: expect.stringMatching(/^(BadRequest|ForbiddenError|NotFoundError)$/) });
  expect(answer.text.replaceAll(/"[^"]*(leads outside|does not exist)[^"]*"/g, ""), what).not.toMatch(/root:|HOME=/);
};

describe("no byte from outside the roots", () => {
  it("leaves by 200 paths over each address that reads a file", async () => {
    await using place = await setting();
    const paths = vectors(place);
    expect(paths.length).toBeGreaterThanOrEqual(200);
    for (const path of paths) {
      const query = encodeURIComponent(path);
      const segments = path.split("/").map(encodeURIComponent).join("/");
      const addresses = [
        `/file/content?path=${query}`,
        `/file?path=${query}`,
        `/file/${query}`,
        `/file/${segments}`,
        `/file/${segments}/status`,
      ];
      const answers = await Promise.all(addresses.map((address) => raw(place.server, address)));
      for (const [at, answer] of answers.entries()) {
        expectShut(answer, `${addresses[at]} (${path})`);
        expect(answer.text.replaceAll(JSON.stringify(path).slice(1, -1), ""), path).not.toContain(secret);
      }
      // As a client sends it that encodes nothing: what cannot stand in a request line is refused before it is read.
      if (/^[!-~]+$/.test(path) && !/[?#]/.test(path)) expectShut(await raw(place.server, `/file/${path}`), `/file/${path}`);
    }
  });

  it("comes with a listing, a search or a diff, though links to it lie in the tree", async () => {
    await using place = await setting();
    const { server } = place;
    const addresses = [
      "/file?path=",
      "/file?path=src",
      `/find?pattern=${secret}`,
      "/find?pattern=root:",
      `/find/file?query=${secret}&limit=200`,
      "/find/file?query=&limit=200",
      "/file/status",
      "/vcs/diff?mode=git",
      "/vcs/diff?mode=branch",
    ];
    for (const address of addresses) {
      const { status, text } = await raw(server, address);
      expect(status, address).toBe(200);
      expect(text, address).not.toContain(secret);
      expect(text, address).not.toContain("root:x");
    }
    for (const search of [{ query: secret }, { pattern: secret }]) {
      expect((await request(`${server.url}/file/search`, { method: "POST", body: search })).body).toEqual([]);
    }
  });

  it("leaves by naming a directory of its own, by query or header, itself or through a link", async () => {
    await using place = await setting();
    const { server, outside } = place;
    const reading = ["/file?path=", "/file/content?path=secret.txt", "/file/secret.txt", `/find?pattern=${secret}`, "/find/file?query=s"];
    const telling = ["/file/status", "/vcs", "/vcs/diff?mode=git", "/path", "/config", "/project/current", "/command", "/agent", "/event"];
    execFileSync("git", ["init", "--quiet"], { cwd: outside.path });
    const directories = [outside.path, outside.join("deep"), "/", "/etc", "..", "link-directory", "src/link-directory", "src/deep/link-up"];
    for (const directory of directories) {
      const encoded = encodeURIComponent(directory);
      for (const address of [...reading, ...telling]) {
        const target = `${address}${address.includes("?") ? "&" : "?"}directory=${encoded}`;
        const { status, text } = await raw(server, target);
        expect([403, 404], `${target}: ${text}`).toContain(status);
        const byHeader = await fetch(server.url + address, { headers: { "x-opencode-directory": encoded } });
        expect([403, 404], target).toContain(byHeader.status);
      }
      const created = await request(`${server.url}/session?directory=${encoded}`, { method: "POST" });
      expect(created, directory).toMatchObject({ status: expect.toSatisfy((status) => status === 403 || status === 404) });
    }
  });

  it("reaches a model by a prompt that names it", async () => {
    await using place = await setting();
    const { server, outside } = place;
    const { body } = await request<{ id: string }>(`${server.url}/session`, { method: "POST" });
    const urls = [
      outside.join("secret.txt"),
      server.repository.join("link-file"),
      server.repository.join("../", basename(outside.path), "secret.txt"),
    ];
    for (const path of urls) {
      const parts = [{ type: "file", mime: "text/plain", url: `file://${path}`, filename: "notes.txt" }];
      const answer = await request(`${server.url}/session/${body.id}/message`, { method: "POST", body: { parts } });
      expect(answer, path).toMatchObject({ status: 403, body: { name: "ForbiddenError" } });
    }
    expect(server.model.requests()).toEqual([]);
    expect(JSON.stringify((await request(`${server.url}/session/${body.id}/message`)).body)).not.toContain(secret);
  });
});
