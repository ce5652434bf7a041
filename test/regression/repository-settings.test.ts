import { existsSync } from "node:fs";
import { rm } from "node:fs/promises";
import { expect, it } from "vitest";
import { say } from "../helpers/app.ts";
import { send } from "../helpers/host.ts";
import { testServer } from "../helpers/server.ts";

// Such a repository is not cloned: an archive that holds a `.git` brings it.
it.runIf(process.platform !== "win32")(
  "a repository that nobody trusts has its own settings run nothing when it is looked at",
  async () => {
    await using server = await testServer();
    const { app, repository, url, model } = server;
    const [vendor, filtered, fetched] = [repository.join("vendor"), repository.join("filtered"), repository.join("fetched")];
    const git = (...args: string[]) => repository.git("-C", vendor, ...args);
    await repository.write({ "vendor/a.txt": "one\n" });
    for (const args of [
      ["init", "--quiet"],
      ["add", "."],
      ["commit", "--quiet", "-m", "one"],
    ])
      await git(...args);
    await git("config", "filter.a=b.clean", `touch ${filtered}; cat`);
    await git("config", "filter.a=b.required", "true");
    await repository.write({ "vendor/.gitattributes": "*.txt filter=a=b\n", "vendor/a.txt": "two\n" });
    const look = async (path: string) => (await send(`${url}${path}directory=${encodeURIComponent(vendor)}`)).json;
    const changed = [
      { file: ".gitattributes", status: "added" },
      { file: "a.txt", status: "modified", additions: 1, deletions: 1 },
    ];
    expect(await look("/vcs/status?")).toMatchObject(changed);
    expect(await look("/vcs/diff?mode=git&")).toMatchObject(changed);

    const blob = await git("rev-parse", "HEAD:a.txt");
    await rm(`${vendor}/.git/objects/${blob.slice(0, 2)}/${blob.slice(2)}`, { force: true });
    const promisor = { "core.repositoryFormatVersion": "1", "extensions.partialClone": "origin", "remote.origin.promisor": "true" };
    const remote = { "remote.origin.url": vendor, "remote.origin.uploadPack": `touch ${fetched}; git-upload-pack` };
    for (const [name, value] of Object.entries({ ...promisor, ...remote })) await git("config", name, value);
    await look("/vcs/diff?mode=git&");
    model.text("Done.");
    const session = await app.sessions.create(vendor, {});
    await app.sessions.prompt(session.id, say("go"));
    expect([existsSync(filtered), existsSync(fetched)]).toEqual([false, false]);
  },
);
