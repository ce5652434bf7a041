import { mkdir, rm } from "node:fs/promises";
import { devNull } from "node:os";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { type Database, openDatabase } from "../db/client.ts";
import { findProject, saveProject } from "../db/queries/project.ts";
import { createProjects } from "../src/project/project.ts";
import { createGit, createVcs } from "../src/vcs/vcs.ts";
import { gitRepository, temporaryDirectory } from "./helpers/directory.ts";

const environment = { ...process.env, GIT_CONFIG_GLOBAL: devNull, GIT_CONFIG_NOSYSTEM: "1" };
const git = createGit({ environment });

/** Nothing is told in these tests. */
const log = { append: async () => [] };

async function emptyDatabase(): Promise<Database> {
  const database = await openDatabase(":memory:");
  onTestFinished(() => database[Symbol.asyncDispose]());
  return database;
}

describe("the project of a directory", () => {
  test("is named by the root commit and lies at the repository's root, from every directory in it", async () => {
    await using repository = await gitRepository({ files: { "src/deep/a.txt": "" } });
    const first = await repository.git("rev-parse", "HEAD");
    await repository.commit();
    const projects = createProjects({ database: await emptyDatabase(), git, log });
    const project = await projects.of(repository.join("src/deep"));
    expect(project).toMatchObject({ id: first, worktree: repository.path, vcs: "git", sandboxes: [] });
    expect(await projects.of(repository.path)).toEqual(project);
    expect(await projects.list()).toEqual([project]);
  });

  test("of several root commits is named by the first in order, as in OpenCode", async () => {
    await using repository = await gitRepository();
    await repository.git("checkout", "--quiet", "--orphan", "other");
    await repository.commit("second root");
    await repository.git("merge", "--quiet", "--allow-unrelated-histories", "--no-edit", "main");
    const roots = (await repository.git("rev-list", "--max-parents=0", "HEAD")).split("\n");
    expect(roots).toHaveLength(2);
    expect((await createProjects({ database: await emptyDatabase(), git, log }).of(repository.path)).id).toBe(roots.sort()[0]);
  });

  test("is the global one outside git", async () => {
    await using directory = await temporaryDirectory();
    const projects = createProjects({ database: await emptyDatabase(), git, log });
    const { project, worktree } = await projects.locate(directory.path);
    expect(project).toMatchObject({ id: "global", worktree: "/", sandboxes: [] });
    expect(project).not.toHaveProperty("vcs");
    expect(worktree).toBe("/");
  });

  test("is the global one, at the repository's root, until the first commit", async () => {
    await using repository = await gitRepository({ commit: false });
    const projects = createProjects({ database: await emptyDatabase(), git, log });
    expect(await projects.of(repository.path)).toMatchObject({ id: "global", worktree: repository.path, vcs: "git" });
    // What is stored of it is nobody's repository.
    expect(await projects.list()).toEqual([expect.objectContaining({ id: "global", worktree: "/" })]);
    await repository.commit();
    expect((await projects.of(repository.path)).id).toBe(await repository.git("rev-parse", "HEAD"));
  });

  test("is the global one on a machine without git", async () => {
    await using repository = await gitRepository();
    const projects = createProjects({ database: await emptyDatabase(), git: createGit({ environment: { PATH: "/nowhere" } }), log });
    expect(await projects.of(repository.path)).toMatchObject({ id: "global", worktree: "/" });
  });

  test("lists the repository's other checkouts, and says in which of them a directory lies", async () => {
    await using repository = await gitRepository({ files: { "a.txt": "" } });
    await using elsewhere = await temporaryDirectory();
    await repository.git("worktree", "add", "--quiet", elsewhere.join("linked"));
    const projects = createProjects({ database: await emptyDatabase(), git, log });
    const { project, worktree } = await projects.locate(elsewhere.join("linked"));
    expect(project).toMatchObject({ worktree: repository.path, sandboxes: [elsewhere.join("linked")] });
    expect(worktree).toBe(elsewhere.join("linked"));
    await rm(elsewhere.join("linked"), { recursive: true });
    expect((await projects.of(repository.path)).sandboxes).toEqual([]);
  });

  test("has the checkout as its worktree where git keeps the repository elsewhere: in a submodule, and with a store of its own", async () => {
    await using directory = await temporaryDirectory();
    await using inner = await gitRepository({ files: { "a.txt": "" } });
    await using outer = await gitRepository();
    const projects = createProjects({ database: await emptyDatabase(), git, log });
    await outer.git("-c", "protocol.file.allow=always", "submodule", "--quiet", "add", inner.path, "lib");
    expect(await projects.of(outer.join("lib"))).toMatchObject({ worktree: outer.join("lib"), sandboxes: [] });
    const clone = directory.join("clone");
    await inner.git("clone", "--quiet", `--separate-git-dir=${directory.join("store")}`, inner.path, clone);
    expect(await projects.of(clone)).toMatchObject({ worktree: clone, sandboxes: [] });
    const linked = directory.join("linked");
    await outer.git("-C", outer.join("lib"), "worktree", "add", "--quiet", linked);
    expect(await projects.of(linked)).toMatchObject({ worktree: outer.join("lib"), sandboxes: [linked] });
  });

  test("is not found by the variables of a git hook", async () => {
    await using repository = await gitRepository();
    await using other = await gitRepository();
    const misled = createGit({ environment: { ...environment, GIT_DIR: other.join(".git"), GIT_WORK_TREE: other.path } });
    expect((await createProjects({ database: await emptyDatabase(), git: misled, log }).of(repository.path)).worktree).toBe(
      repository.path,
    );
  });

  test("of a directory that does not exist is not found", async () => {
    const projects = createProjects({ database: await emptyDatabase(), git, log });
    await expect(projects.of("/nowhere/at/all")).rejects.toMatchObject({ name: "NotFoundError" });
  });
});

describe("a stored project", () => {
  test("is marked as used at most once a minute and keeps its name and creation", async () => {
    await using repository = await gitRepository();
    const database = await emptyDatabase();
    const projects = createProjects({ database, git, log });
    const write = vi.spyOn(database, "write");
    const project = await projects.of(repository.path);
    await projects.of(repository.path);
    expect(write).toHaveBeenCalledTimes(1);

    const time = { created: 5, updated: Date.now() - 61_000 };
    await database.write([saveProject(database.orm, { ...project, name: "Mine", time })]);
    const again = await projects.of(repository.path);
    expect(again).toMatchObject({ name: "Mine", time: { created: 5 } });
    expect(again.time.updated).toBeGreaterThan(time.updated);
    expect(await findProject(database.orm, project.id)).toEqual(again);
  });

  test("is one for two clones; each answers with its own place", async () => {
    await using repository = await gitRepository({ files: { "a.txt": "" } });
    await using elsewhere = await temporaryDirectory();
    await repository.git("clone", "--quiet", repository.path, elsewhere.join("clone"));
    const projects = createProjects({ database: await emptyDatabase(), git, log });
    const [here, there] = [await projects.of(repository.path), await projects.of(elsewhere.join("clone"))];
    expect(there.id).toBe(here.id);
    expect([here.worktree, there.worktree]).toEqual([repository.path, elsewhere.join("clone")]);
    expect(await projects.list()).toHaveLength(1);
  });
});

describe("version control of a directory", () => {
  test("names the branch and the default branch", async () => {
    await using repository = await gitRepository();
    await repository.git("checkout", "--quiet", "-b", "feature/one");
    expect(await createVcs({ directory: repository.path, git }).info()).toEqual({ branch: "feature/one", default_branch: "main" });
  });

  test("takes the remote's default branch before a local name", async () => {
    await using repository = await gitRepository();
    await repository.git("branch", "develop");
    await repository.git("update-ref", "refs/remotes/origin/develop", "HEAD");
    await repository.git("symbolic-ref", "refs/remotes/origin/HEAD", "refs/remotes/origin/develop");
    expect(await createVcs({ directory: repository.path, git }).info()).toEqual({ branch: "main", default_branch: "develop" });
  });

  test("names the branch before the first commit and none on a detached HEAD", async () => {
    await using repository = await gitRepository({ commit: false });
    const vcs = createVcs({ directory: repository.path, git });
    expect(await vcs.info()).toEqual({ branch: "main" });
    expect(await vcs.branch()).toBe("main");
    await repository.commit();
    await repository.git("checkout", "--quiet", "-b", "feature/one");
    expect(await vcs.branch()).toBe("feature/one");
    await repository.git("checkout", "--quiet", "--detach", "main");
    expect(await vcs.info()).toEqual({ default_branch: "main" });
    expect(await vcs.branch()).toBeUndefined();
  });

  test("is empty outside git", async () => {
    await using directory = await temporaryDirectory();
    await mkdir(directory.join("a"));
    expect(await createVcs({ directory: directory.join("a"), git }).info()).toEqual({});
  });
});
