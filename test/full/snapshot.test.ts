import { chmod, lstat, mkdir, readdir, readFile, readlink, rm, stat, symlink, utimes } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { createSnapshots, type SnapshotOptions, type Snapshots } from "../../src/snapshot/snapshot.ts";
import { type Files, gitRepository, type TestDirectory, temporaryDirectory } from "../helpers/directory.ts";

interface Place extends AsyncDisposable {
  worktree: TestDirectory;
  data: TestDirectory;
  snapshots: Snapshots;
  /** Another server on the same data. */
  beside(change?: Partial<SnapshotOptions>): Snapshots;
  errors: unknown[];
}

async function place(options: Partial<SnapshotOptions> & { files?: Files; git?: boolean } = {}): Promise<Place> {
  const { files, git = true, ...rest } = options;
  const worktree = git ? await gitRepository({ files }) : await temporaryDirectory({ files });
  const data = await temporaryDirectory();
  const errors: unknown[] = [];
  const opened: Snapshots[] = [];
  const beside = (change: Partial<SnapshotOptions> = {}) => {
    const snapshots = createSnapshots({
      directory: data.join("snapshot"),
      projectID: "project",
      worktree: worktree.path,
      store: "store",
      exclude: data.path,
      environment: { PATH: process.env.PATH, HOME: data.path },
      enabled: true,
      needed: async () => [],
      onError: (error) => errors.push(error),
      ...rest,
      ...change,
    });
    opened.push(snapshots);
    return snapshots;
  };
  return {
    worktree,
    data,
    snapshots: beside(),
    beside,
    errors,
    async [Symbol.asyncDispose]() {
      for (const resource of [...opened, worktree, data]) await resource[Symbol.asyncDispose]();
    },
  };
}

async function tracked(snapshots: Snapshots): Promise<string> {
  const id = await snapshots.track();
  if (id === undefined) throw new Error(`snapshots are off: ${snapshots.off()}`);
  return id;
}

/** Every file below a directory: its bytes and its times. */
async function everything(directory: string): Promise<Record<string, string>> {
  const names = await readdir(directory, { recursive: true });
  const entries = names.sort().map(async (name) => {
    const stats = await lstat(join(directory, name));
    const content = stats.isFile() ? await readFile(join(directory, name), "base64") : "";
    return [name, `${stats.mode} ${stats.mtimeMs} ${content}`];
  });
  return Object.fromEntries(await Promise.all(entries));
}

const erase = (worktree: TestDirectory, name: string) => rm(worktree.join(name));

describe("snapshots", () => {
  it("tell what was added, changed and deleted, whatever the names, kinds and bytes", async () => {
    const binary = Buffer.from([0, 1, 2, 255, 254, 13, 10]);
    await using test = await place({
      files: { "a.txt": "one\n", "gone.txt": "bye\n", "sub dir/ünï ☃.txt": "old\n", "run.sh": "#!/bin/sh\n", "to link": "text\n" },
    });
    const { worktree, snapshots } = test;
    const before = await tracked(snapshots);
    await worktree.write({ "a.txt": "two\n", "new\nline.bin": binary, "sub dir/ünï ☃.txt": "new\r\n" });
    await erase(worktree, "gone.txt");
    await chmod(worktree.join("run.sh"), 0o755);
    await erase(worktree, "to link");
    await symlink("a.txt", worktree.join("to link"));
    const changes = await snapshots.changes(before, await tracked(snapshots));

    expect(await snapshots.diff(changes)).toMatchObject([
      { file: "a.txt", status: "modified", additions: 1, deletions: 1 },
      { file: "gone.txt", status: "deleted", additions: 0, deletions: 1 },
      { file: "new\nline.bin", status: "added", patch: "", additions: 0, deletions: 0 },
      { file: "run.sh", status: "modified", additions: 0, deletions: 0 },
      { file: "sub dir/ünï ☃.txt", status: "modified", additions: 1, deletions: 1 },
      { file: "to link", status: "modified" },
    ]);
    for (const { file, before: state } of changes) expect(await snapshots.restore(file, state)).toBe(true);
    expect(await tracked(snapshots)).toBe(before);
    expect(await worktree.read("sub dir/ünï ☃.txt")).toBe("old\n");
    expect((await stat(worktree.join("run.sh"))).mode & 0o111).toBe(0);
    for (const { file, after } of changes) expect(await snapshots.restore(file, after)).toBe(true);
    expect(await readFile(worktree.join("new\nline.bin"))).toEqual(binary);
    expect(await readlink(worktree.join("to link"))).toBe("a.txt");
    expect((await stat(worktree.join("run.sh"))).mode & 0o100).toBe(0o100);
  });

  it("show a change as the reference does", async () => {
    await using test = await place({ files: { "src/hello.ts": "export function hello(name: string) {\n  return name\n}\n" } });
    const before = await tracked(test.snapshots);
    await test.worktree.write({ "src/hello.ts": "export function goodbye(name: string) {\n  return name\n}\n" });
    expect(await test.snapshots.diff(await test.snapshots.changes(before, await tracked(test.snapshots)))).toEqual([
      {
        file: "src/hello.ts",
        patch:
          "Index: src/hello.ts\n===================================================================\n--- src/hello.ts\n+++ src/hello.ts\n" +
          "@@ -1,3 +1,3 @@\n-export function hello(name: string) {\n+export function goodbye(name: string) {\n   return name\n }\n",
        additions: 1,
        deletions: 1,
        status: "modified",
      },
    ]);
  });

  it("never write into the user's repository, nor store again what it holds, until it is needed", async () => {
    await using test = await place({ files: { "kept.txt": "kept\n", "changed.txt": "committed\n" } });
    const { worktree, snapshots, data } = test;
    const untouched = await everything(worktree.join(".git"));
    const before = await tracked(snapshots);
    const stored = (await readdir(data.join("snapshot"), { recursive: true })).filter((name) =>
      /objects.[0-9a-f]{2}.[0-9a-f]{38}$/.test(name),
    );
    expect(stored, "one tree and no content").toHaveLength(1);
    await worktree.write({ "changed.txt": "mine\n" });
    const changes = await snapshots.changes(before, await tracked(snapshots));
    expect(await everything(worktree.join(".git"))).toEqual(untouched);
    await rm(worktree.join(".git"), { recursive: true });
    expect(await snapshots.restore(worktree.join("changed.txt"), changes[0]?.before)).toBe(true);
    expect(await worktree.read("changed.txt")).toBe("committed\n");
  });

  it("keep bytes as they are where git would change line endings", async () => {
    await using test = await place({
      files: { ".gitattributes": "* text=auto eol=crlf\n*.big filter=lfs\n", "w.txt": "a\r\nb\r\n", "x.big": "raw\n" },
    });
    const { worktree, snapshots } = test;
    const before = await tracked(snapshots);
    await worktree.write({ "w.txt": "a\nb\n", "x.big": "changed\n" });
    for (const { file, before: state } of await snapshots.changes(before, await tracked(snapshots))) await snapshots.restore(file, state);
    expect(await worktree.read("w.txt")).toBe("a\r\nb\r\n");
    expect(await worktree.read("x.big")).toBe("raw\n");
  });

  it("leave out what .gitignore and .git/info/exclude name, other repositories, and large files, which they name", async () => {
    await using test = await place({ files: { ".gitignore": "*.log\n", "big.bin": "small\n" }, sizeLimit: 100 });
    const { worktree, snapshots } = test;
    await worktree.write({ ".git/info/exclude": "private.txt\n" });
    const before = await tracked(snapshots);
    await worktree.write({
      "a.log": "x\n",
      "private.txt": "x\n",
      "inner/.git/HEAD": "ref: refs/heads/main\n",
      "inner/a.txt": "x\n",
      "big.bin": "x".repeat(101),
    });
    await worktree.write({ "inner/.git/config": "[core]\n", "inner/.git/objects/x": "", "inner/.git/refs/x": "" });
    expect(await tracked(snapshots)).toBe(before);
    expect(snapshots.tooLarge()).toEqual(["big.bin"]);
  });

  it("see files that are tracked although .gitignore names them", async () => {
    await using test = await place();
    const { worktree, snapshots } = test;
    await worktree.write({ ".gitignore": "*.log\n", "kept.log": "one\n" });
    await (worktree as Awaited<ReturnType<typeof gitRepository>>).git("add", "--force", ".");
    const before = await tracked(snapshots);
    await worktree.write({ "kept.log": "two\n" });
    expect(await snapshots.changes(before, await tracked(snapshots))).toHaveLength(1);
  });

  it("work in a directory without git, and without its heavy directories", async () => {
    await using test = await place({ git: false, files: { "a.txt": "one\n", "node_modules/x/index.js": "1\n" } });
    const { worktree, snapshots } = test;
    const before = await tracked(snapshots);
    await worktree.write({ "a.txt": "two\n", "node_modules/x/index.js": "2\n" });
    const changes = await snapshots.changes(before, await tracked(snapshots));
    expect(changes.map(({ file }) => file)).toEqual([worktree.join("a.txt")]);
    expect(await readdir(worktree.path)).toEqual(["a.txt", "node_modules"]);
  });

  it("are shared by several servers at once", async () => {
    await using test = await place({ files: { "a.txt": "one\n" } });
    const others = Array.from({ length: 4 }, () => test.beside());
    const ids = await Promise.all([test.snapshots, ...others].map(tracked));
    expect(new Set(ids).size).toBe(1);
    for (let round = 0; round < 3; round += 1) {
      await test.worktree.write({ "a.txt": `${round}\n`, [`b${round}.txt`]: "b\n" });
      const again = await Promise.all([test.snapshots, ...others].map(tracked));
      expect(new Set(again).size).toBe(1);
    }
    expect(test.errors).toEqual([]);
  });

  it("are off, and say so once, where git is missing; single files are kept all the same", async () => {
    await using test = await place({ environment: { PATH: "/nowhere" }, files: { "a.txt": "one\n" } });
    const { worktree, snapshots } = test;
    expect(await snapshots.track()).toBeUndefined();
    expect(await snapshots.track()).toBeUndefined();
    expect(snapshots.off()).toBe("git is not installed");
    expect(test.errors.map(String)).toEqual([expect.stringContaining("git is not installed")]);
    const state = await snapshots.keep(worktree.join("a.txt"));
    await worktree.write({ "a.txt": "two\n" });
    expect(await snapshots.restore(worktree.join("a.txt"), state)).toBe(true);
    expect(await worktree.read("a.txt")).toBe("one\n");
  });

  it("do not copy somebody's home, nor a directory with more than they may take in", async () => {
    await using test = await place({ git: false, files: { "a.txt": "one\n", "b.txt": "two\n" } });
    const home = test.beside({ environment: { PATH: process.env.PATH, HOME: test.worktree.path } });
    expect(await home.track()).toBeUndefined();
    expect(home.off()).toContain("home");
    const small = test.beside({ most: { files: 1, bytes: 1000 } });
    expect(await small.track()).toBeUndefined();
    expect(small.off()).toContain(test.worktree.path);
    expect(test.errors).toHaveLength(1);
    expect(await tracked(test.snapshots)).toMatch(/^[0-9a-f]{40}$/);
  });

  it("do not write through a directory that became a link", async () => {
    await using test = await place({ files: { "dir/a.txt": "one\n" } });
    await using outside = await temporaryDirectory({ files: { "a.txt": "theirs\n" } });
    const { worktree, snapshots } = test;
    const state = await snapshots.keep(worktree.join("dir/a.txt"));
    await rm(worktree.join("dir"), { recursive: true });
    await symlink(outside.path, worktree.join("dir"));
    expect(await snapshots.restore(worktree.join("dir/a.txt"), state)).toBe(false);
    expect(await outside.read("a.txt")).toBe("theirs\n");
  });

  it("grow no longer than the days they are kept: what a session needs and the newest state stay", async () => {
    await using test = await place({ git: false, files: { "a.txt": "first\n" } });
    const { worktree, data, snapshots } = test;
    const needed = await snapshots.keep(worktree.join("a.txt"));
    for (const text of ["second\n", "third\n"]) {
      await tracked(snapshots);
      await worktree.write({ "a.txt": text });
    }
    const second = { hash: "e019be006cf33489e2d0177a3837a2384eddebc5", mode: "100644" as const };
    const last = await tracked(snapshots);
    expect(await snapshots.restore(worktree.join("copy.txt"), second)).toBe(true);
    await rm(worktree.join("copy.txt"));
    await snapshots[Symbol.asyncDispose]();
    const old = new Date(Date.now() - 10 * 86_400_000);
    for (const name of await readdir(data.join("snapshot"), { recursive: true })) await utimes(data.join("snapshot", name), old, old);
    const later = test.beside({ needed: async () => [needed?.hash ?? ""] });
    await mkdir(worktree.join("empty"));
    expect(await tracked(later)).toBe(last);
    await later[Symbol.asyncDispose]();
    expect(await later.restore(worktree.join("copy.txt"), second)).toBe(false);
    expect(await later.restore(worktree.join("copy.txt"), needed)).toBe(true);
    await worktree.write({ "a.txt": "fourth\n" });
    const [change] = await later.changes(last, await tracked(later));
    expect(change).toMatchObject({ before: { hash: expect.any(String) } });
  });
});
