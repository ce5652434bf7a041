import { mkdir, rm, symlink } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { describe, expect } from "vitest";
import type { FileContent, FileNode, FileStatus, TextMatch, WorkspaceSymbol } from "../../src/schema/file.ts";
import { recordedFiles } from "../helpers/directory.ts";
import { request } from "../helpers/request.ts";
import { testServer } from "../helpers/server.ts";
import { verifies } from "./verifies.ts";

/** A server on the tree that OpenCode's answers were recorded on, with a link that leads out of it. */
async function recordedServer() {
  const server = await testServer({ files: recordedFiles });
  await symlink("/etc/passwd", server.repository.join("link.txt"));
  const get = <Body = unknown>(path: string) => request<Body>(`${server.url}${path}`);
  const refused = async (path: string) => {
    const { status, body } = await get<{ name: string }>(path);
    return [status, body.name];
  };
  return { ...server, get, refused };
}

describe("searching", () => {
  verifies("GET /find", "lines with ripgrep's fields, in files git does not ignore; a bad pattern is the caller's", async () => {
    await using server = await recordedServer();
    const { body } = await server.get<TextMatch[]>("/find?pattern=hello");
    expect(body.map((match) => match.path.text)).toEqual([
      "README.md",
      ...["src/hello.ts", "src/hello.ts", "src/index.ts", "src/index.ts"],
    ]);
    expect(body[3]).toEqual({
      path: { text: "src/index.ts" },
      lines: { text: 'import { hello } from "./hello"\n' },
      line_number: 1,
      absolute_offset: 0,
      submatches: [
        { match: { text: "hello" }, start: 9, end: 14 },
        { match: { text: "hello" }, start: 25, end: 30 },
      ],
    });
    expect((await server.get("/find?pattern=zzz_not_there")).body).toEqual([]);
    expect(await server.refused("/find?pattern=(")).toEqual([400, "BadRequest"]);
    expect((await server.get("/find")).body).toMatchObject({ name: "BadRequest", data: { kind: "Query", field: "pattern" } });
  });

  verifies("GET /find/file", "fuzzy names of files and directories, by type, limit, dirs and directory", async () => {
    await using server = await recordedServer();
    await server.repository.write({ "pkg/hello.md": "" });
    const names = async (query: string) => (await server.get<string[]>(`/find/file?${query}`)).body;
    expect(await names("query=hello")).toEqual(expect.arrayContaining(["src/hello.ts", "pkg/hello.md"]));
    expect(await names("query=hlo")).toContain("src/hello.ts");
    expect(await names("query=")).not.toContain("ignored.txt");
    expect((await names("query=src"))[0]).toBe("src/");
    for (const name of await names("query=src&type=directory")) expect(name).toMatch(/\/$/);
    expect(await names("query=src&type=file")).toEqual(await names("query=src&dirs=false"));
    expect(await names("query=s&dirs=true&limit=1")).toHaveLength(1);
    expect(await names(`query=hello&directory=${encodeURIComponent(server.repository.join("pkg"))}`)).toEqual(["hello.md"]);
    expect(await server.refused("/find/file?query=s&type=zzz")).toEqual([400, "BadRequest"]);
    expect(await server.refused("/find/file")).toEqual([400, "BadRequest"]);
  });

  verifies(["GET /find/file", "decision: limit of find/file"], "the limit is 1 to 200, 10 unless told", async () => {
    await using server = await testServer({ files: Object.fromEntries(Array.from({ length: 220 }, (_, at) => [`f${at}.txt`, ""])) });
    const found = (limit: string) => request(`${server.url}/find/file?query=f${limit}`);
    expect((await found("")).body).toHaveLength(10);
    expect((await found("&limit=200")).body).toHaveLength(200);
    for (const limit of ["0", "201", "-1", "1.5", "many", ""]) {
      expect((await found(`&limit=${limit}`)).body, limit).toMatchObject({ name: "BadRequest", data: { kind: "Query", field: "limit" } });
    }
  });

  verifies("GET /find/symbol", "what the project's own language server knows by that name; none where no server is", async () => {
    const modules = join(import.meta.dirname, "..", "..", "node_modules");
    const typescript = dirname(dirname(createRequire(join(modules, "@vtsls/language-service/package.json")).resolve("typescript")));
    await using server = await testServer({
      files: {
        "package.json": "{}",
        "tsconfig.json": "{}",
        "src/pear.ts": "export function peelPear(): void {}\n",
        ".gitignore": "node_modules\n",
      },
    });
    await using bare = await testServer({ files: { "notes.txt": "peelPear\n" } });
    const bin = server.repository.join("node_modules", ".bin");
    await mkdir(bin, { recursive: true });
    await symlink(typescript, server.repository.join("node_modules", "typescript"));
    await symlink(join(modules, ".bin", "typescript-language-server"), join(bin, "typescript-language-server"));
    const symbols = async (url: string) => (await request<WorkspaceSymbol[]>(`${url}/find/symbol?query=peelPear`)).body;
    expect(await symbols(server.url)).toEqual([
      { name: "peelPear", kind: 12, location: { uri: expect.stringMatching(/^file:.*src\/pear\.ts$/), range: expect.anything() } },
    ]);
    expect(await symbols(bare.url)).toEqual([]);
    expect((await request(`${bare.url}/find/symbol`)).body).toMatchObject({ name: "BadRequest", data: { field: "query" } });
  });

  verifies("POST /file/search", "names for a query, lines for a pattern, one of the two", async () => {
    await using server = await recordedServer();
    const search = (body: unknown) => request(`${server.url}/file/search`, { method: "POST", body });
    expect((await search({ query: "hello", type: "file", limit: 1 })).body).toEqual(["src/hello.ts"]);
    const all = (await server.get<TextMatch[]>("/find?pattern=hello")).body;
    expect((await search({ pattern: "hello" })).body).toEqual(all);
    expect((await search({ pattern: "hello", limit: 2 })).body).toHaveLength(2);
    for (const body of [{}, { query: "a", pattern: "a" }, { query: "a", limit: 0 }, { query: "a", type: "pipe" }, { pattern: "(" }]) {
      expect((await search(body)).body, JSON.stringify(body)).toMatchObject({ name: "BadRequest" });
    }
  });
});

describe("reading", () => {
  verifies("GET /file", "the entries of a directory, directories first, ignored ones marked", async () => {
    await using server = await recordedServer();
    await mkdir(server.repository.join("empty"));
    const { body } = await server.get<FileNode[]>("/file?path=.");
    expect(body.slice(0, 4).map((node) => node.path)).toEqual([".git/", "docs/", "empty/", "src/"]);
    expect(body).toContainEqual({
      name: "ignored.txt",
      path: "ignored.txt",
      absolute: server.repository.join("ignored.txt"),
      type: "file",
      ignored: true,
    });
    expect((await server.get("/file?path=")).body).toEqual(body);
    expect((await server.get("/file?path=empty")).body).toEqual([]);
    expect(await server.refused("/file?path=nope")).toEqual([404, "NotFoundError"]);
    expect(await server.refused("/file?path=README.md")).toEqual([400, "BadRequest"]);
    expect(await server.refused("/file?path=..%2F..")).toEqual([403, "ForbiddenError"]);
    expect((await server.get("/file")).body).toMatchObject({ name: "BadRequest", data: { field: "path" } });
  });

  verifies("GET /file/content", "text as it is, anything else in base64; what is missing or outside is refused", async () => {
    await using server = await recordedServer();
    const content = (path: string) => server.get(`/file/content?path=${encodeURIComponent(path)}`);
    expect((await content("README.md")).body).toEqual({ type: "text", content: "# Demo\n\nhello world\n" });
    expect((await content(server.repository.join("src/hello.ts"))).body).toEqual((await content("src/hello.ts")).body);
    const encoded = { type: "binary", encoding: "base64" };
    expect((await content("logo.png")).body).toEqual({
      ...encoded,
      content: recordedFiles["logo.png"].toString("base64"),
      mimeType: "image/png",
    });
    expect((await content("data.bin")).body).toMatchObject({ ...encoded, mimeType: "application/octet-stream" });
    expect(await content("nope.txt")).toMatchObject({ status: 404, body: { name: "NotFoundError" } });
    expect(await content("src")).toMatchObject({ status: 400, body: { name: "BadRequest" } });
    for (const path of ["../../etc/passwd", "/etc/passwd", "src/../../../etc/passwd", "..%2f..%2fetc/passwd", "link.txt"]) {
      expect(await content(path), path).toMatchObject({ status: 403, body: { name: "ForbiddenError" } });
    }
  });

  verifies("GET /file/{path}", "the same content, with slashes encoded or not", async () => {
    await using server = await recordedServer();
    const expected = (await server.get("/file/content?path=src/hello.ts")).body;
    for (const path of ["src/hello.ts", "src%2Fhello.ts", "src/./hello.ts"]) {
      expect((await server.get(`/file/${path}`)).body, path).toEqual(expected);
    }
    expect((await server.get<FileContent>("/file/README.md")).body.content).toContain("hello world");
    expect(await server.refused("/file/none/at/all.ts")).toEqual([404, "NotFoundError"]);
    expect(await server.refused("/file/link.txt")).toEqual([403, "ForbiddenError"]);
    expect(await server.refused("/file/%2e%2e%2fsecret")).toEqual([403, "ForbiddenError"]);
    expect(await server.refused("/file/..%2F..%2Fetc%2Fpasswd")).toEqual([403, "ForbiddenError"]);
    expect(await server.refused("/file/%ff")).toEqual([400, "BadRequest"]);
  });
});

describe("the git status of files", () => {
  /** README changed, notes moved, a new file staged, another not. */
  async function changedServer() {
    const server = await recordedServer();
    await rm(server.repository.join("link.txt"));
    await server.repository.git("mv", "docs/notes.md", "docs/words.md");
    await server.repository.write({
      "README.md": "# Demo\n\nhello world\nmore\nand more\n",
      "staged.txt": "a\nb\n",
      "new/deep.txt": "one\ntwo",
      "new/blob.bin": Buffer.from([0, 1, 2]),
      "ignored.txt": "changed\n",
    });
    await server.repository.git("add", "staged.txt");
    return server;
  }
  const file = (path: string, added: number, removed: number, status: string) => ({ path, added, removed, status });

  verifies(
    "GET /file/status",
    "lines added and removed, staged or not; untracked files are added, a renamed one is deleted and added",
    async () => {
      await using server = await changedServer();
      expect((await server.get("/file/status")).body).toEqual([
        file("docs/notes.md", 0, 1, "deleted"),
        file("docs/words.md", 1, 0, "added"),
        file("new/blob.bin", 0, 0, "added"),
        file("new/deep.txt", 2, 0, "added"),
        file("README.md", 2, 0, "modified"),
        file("staged.txt", 2, 0, "added"),
      ]);
      expect(await server.repository.git("status", "--porcelain")).toContain("?? new/");
      await server.repository.commit();
      expect((await server.get("/file/status")).body).toEqual([]);
    },
  );

  verifies("GET /file/status", "names are relative to the directory of the request; nothing outside git", async () => {
    await using server = await changedServer();
    const docs = encodeURIComponent(server.repository.join("docs"));
    expect((await server.get<FileStatus[]>(`/file/status?directory=${docs}`)).body.map((one) => one.path)).toEqual([
      "notes.md",
      "words.md",
    ]);
    await rm(server.repository.join(".git"), { recursive: true });
    expect(await server.get("/file/status")).toMatchObject({ status: 200, body: [] });
  });

  verifies("GET /file/{path}/status", "of one file, of what lies below a directory, of a deleted file", async () => {
    await using server = await changedServer();
    const status = async (path: string) => (await server.get(`/file/${path}/status`)).body;
    expect(await status("README.md")).toEqual([file("README.md", 2, 0, "modified")]);
    expect(await status("new/deep.txt")).toEqual([file("new/deep.txt", 2, 0, "added")]);
    expect(await status("new%2Fdeep.txt")).toEqual(await status("new/deep.txt"));
    expect(await status("docs")).toEqual([file("docs/notes.md", 0, 1, "deleted"), file("docs/words.md", 1, 0, "added")]);
    expect(await status("docs/notes.md")).toEqual([file("docs/notes.md", 0, 1, "deleted")]);
    expect(await status("src/hello.ts")).toEqual([]);
    expect(await server.refused("/file/none.ts/status")).toEqual([404, "NotFoundError"]);
    expect(await server.refused("/file/%2e%2e%2fsecret/status")).toEqual([403, "ForbiddenError"]);
  });
});
