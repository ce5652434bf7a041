import { chmod, rm, symlink } from "node:fs/promises";
import { describe, expect } from "vitest";
import type { Path, Project, VcsFileDiff } from "../../src/schema/project.ts";
import { watch } from "../helpers/app.ts";
import { gitRepository } from "../helpers/directory.ts";
import { request } from "../helpers/request.ts";
import { testServer } from "../helpers/server.ts";
import { verifies } from "./verifies.ts";

describe("projects", () => {
  verifies(
    ["GET /project", "GET /project/current"],
    "the repository by its first commit, from every directory of it; the list has those seen",
    async () => {
      await using server = await testServer({ files: { "src/a.ts": "" } });
      await using other = await gitRepository();
      const first = await server.repository.git("rev-parse", "HEAD");
      const { body } = await request<Project>(`${server.url}/project/current`);
      expect(body).toMatchObject({ id: first, worktree: server.repository.path, vcs: "git", sandboxes: [] });
      const inside = encodeURIComponent(server.repository.join("src"));
      expect((await request(`${server.url}/project/current?directory=${inside}`)).body).toEqual(body);
      expect((await request<Project[]>(`${server.url}/project`)).body).toContainEqual(body);
      const outside = await request(`${server.url}/project/current?directory=${encodeURIComponent(other.path)}`);
      expect(outside).toMatchObject({ status: 403, body: { name: "ForbiddenError" } });
      expect((await request<Project[]>(`${server.url}/project`)).body).toHaveLength(1);
    },
  );

  verifies(["GET /project/current"], "what the user says about a project stays and is told", async () => {
    await using server = await testServer();
    using events = watch(server.app);
    const { body: project } = await request<Project>(`${server.url}/project/current`);
    const patch = (id: string, body: unknown) => request<Project>(`${server.url}/project/${id}`, { method: "PATCH", body });
    await patch(project.id, { name: "Pear", icon: { color: "green" } });
    const { body: changed } = await patch(project.id, { icon: { url: "data:," }, commands: { start: "npm start" } });
    expect(changed).toMatchObject({ name: "Pear", icon: { color: "green", url: "data:," }, commands: { start: "npm start" } });
    expect((await request(`${server.url}/project/current`)).body).toEqual(changed);
    expect((await events.until("project.updated", ({ properties }) => properties.commands !== undefined)).properties).toEqual(changed);
    expect(await patch("none", { name: "x" })).toMatchObject({ status: 404, body: { _tag: "ProjectNotFoundError", projectID: "none" } });
    expect(await patch(project.id, { name: 1 })).toMatchObject({ status: 400, body: { data: { field: "name" } } });
  });

  verifies("GET /path", "the directory of the request, its checkout, and the server's own places", async () => {
    await using server = await testServer({ files: { "src/a.ts": "" } });
    const directory = server.repository.join("src");
    const { body } = await request<Path>(`${server.url}/path?directory=${encodeURIComponent(directory)}`);
    expect(body).toMatchObject({ directory, worktree: server.repository.path, home: server.home.path });
    expect(body.config).toContain(server.home.path);
    expect(await request(`${server.url}/path?directory=%2Fno%2Fsuch`)).toMatchObject({ status: 403 });
  });
});

describe("version control", () => {
  verifies(["GET /vcs", "GET /project/vcs"], "the branch and the default branch; nothing outside git", async () => {
    await using server = await testServer();
    await server.repository.git("switch", "--quiet", "--create", "feature/pears");
    expect((await request(`${server.url}/vcs`)).body).toEqual({ branch: "feature/pears", default_branch: "main" });
    expect((await request(`${server.url}/project/vcs`)).body).toEqual({ branch: "feature/pears", default_branch: "main" });
    await server.repository.git("switch", "--quiet", "--detach");
    expect((await request(`${server.url}/vcs`)).body).toEqual({ default_branch: "main" });
    expect(await request(`${server.url}/vcs?directory=%2Fno%2Fsuch`)).toMatchObject({ status: 403, body: { name: "ForbiddenError" } });
  });

  verifies(["GET /vcs"], "changes with their patches, against the newest commit or where the branch began", async () => {
    await using server = await testServer({ files: { "a.txt": "a\nb\n", "gone.txt": "x\n" } });
    await server.repository.git("switch", "--quiet", "--create", "feature");
    await server.repository.write({ "a.txt": "a\nb\nc\n" });
    await server.repository.commit();
    await server.repository.write({ "new file.txt": "new" });
    await server.repository.git("rm", "--quiet", "gone.txt");
    const diff = async (query: string) => (await request<VcsFileDiff[]>(`${server.url}/vcs/diff?${query}`)).body;
    const git = await diff("mode=git");
    expect(git.map(({ patch: _, ...change }) => change)).toEqual((await request(`${server.url}/vcs/status`)).body);
    expect(git).toEqual([
      expect.objectContaining({ file: "gone.txt", status: "deleted", additions: 0, deletions: 1 }),
      expect.objectContaining({ file: "new file.txt", status: "added", additions: 1, deletions: 0 }),
    ]);
    expect(git[1]?.patch).toMatch(/^diff --git .*new file\.txt[\s\S]*\+new\n\\ No newline at end of file\n$/);
    expect(await diff("mode=branch")).toEqual([
      expect.objectContaining({ file: "a.txt", status: "modified", patch: expect.stringContaining(" a\n b\n+c\n") }),
      ...git,
    ]);
    expect((await diff("mode=branch&context=0"))[0]?.patch).not.toContain("\n b\n");
    const unknown = await request(`${server.url}/vcs/diff?mode=all`);
    expect(unknown).toMatchObject({ status: 400, body: { data: { field: "mode", kind: "Query" } } });
  });

  verifies(["GET /vcs"], "every kind of change has its own patch: a link, a mode, a repository without a commit", async () => {
    await using server = await testServer({ files: { "run.sh": "echo\n" } });
    await chmod(server.repository.join("run.sh"), 0o755);
    await symlink("/etc/passwd", server.repository.join("link"));
    const [link, mode] = (await request<VcsFileDiff[]>(`${server.url}/vcs/diff?mode=git`)).body;
    expect(link).toMatchObject({ file: "link", additions: 1, patch: expect.stringContaining("new file mode 120000") });
    expect(mode).toMatchObject({ file: "run.sh", additions: 0, deletions: 0, patch: expect.stringContaining("new mode 100755") });
    await rm(server.repository.join(".git"), { recursive: true });
    expect((await request(`${server.url}/vcs/diff?mode=git`)).body).toEqual([]);
    await server.repository.git("init", "--quiet", "--template=");
    expect((await request<VcsFileDiff[]>(`${server.url}/vcs/status`)).body.map(({ file }) => file)).toEqual(["link", "run.sh"]);
    expect((await request<VcsFileDiff[]>(`${server.url}/vcs/diff?mode=branch`)).body).toHaveLength(2);
  });

  verifies("GET /vcs", "a diff can be applied elsewhere, as a whole or not at all, and never outside the directory", async () => {
    await using server = await testServer({ files: { "a.txt": "a\n", "pkg/b.txt": "b\n" } });
    const { repository, url } = server;
    await repository.write({ "a.txt": "a\nmore\n", "pkg/new.txt": "new\n" });
    const changes = (await request<VcsFileDiff[]>(`${url}/vcs/diff?mode=git`)).body;
    const patch = changes.map((change) => change.patch).join("");
    const apply = (body: unknown, query = "") => request(`${url}/vcs/apply${query}`, { method: "POST", body });
    await repository.git("checkout", "--quiet", "a.txt");
    const both = { status: 400, body: { name: "VcsApplyError", data: { reason: "not-clean" } } };
    expect(await apply({ patch })).toMatchObject(both);
    expect(await repository.read("a.txt")).toBe("a\n");
    await repository.git("clean", "--quiet", "--force", "-d");
    expect(await apply({ patch })).toMatchObject({ status: 200, body: { applied: true } });
    expect([await repository.read("a.txt"), await repository.read("pkg/new.txt")]).toEqual(["a\nmore\n", "new\n"]);
    await repository.commit();
    const outward = (file: string) =>
      `diff --git a/${file} b/${file}\nnew file mode 100644\n--- /dev/null\n+++ b/${file}\n@@ -0,0 +1 @@\n+x\n`;
    for (const file of ["../out.txt", ".git/config", "/tmp/out.txt"])
      expect(await apply({ patch: outward(file) }), file).toMatchObject(both);
    const pkg = `?directory=${encodeURIComponent(repository.join("pkg"))}`;
    expect(await apply({ patch: outward("../above.txt") }, pkg)).toMatchObject(both);
    expect(await apply({ patch: "no patch" })).toMatchObject(both);
    expect(await request<VcsFileDiff[]>(`${url}/vcs/status`)).toMatchObject({ body: [] });
    expect(await apply({})).toMatchObject({ status: 400, body: { data: { field: "patch" } } });
    await rm(repository.join(".git"), { recursive: true });
    expect(await apply({ patch })).toMatchObject({ status: 400, body: { name: "VcsApplyError", data: { reason: "non-git" } } });
  });
});
