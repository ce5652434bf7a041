import { appendFile, mkdir, rename, rm, writeFile } from "node:fs/promises";
import { describe, expect, test } from "vitest";
import type { AnyEvent } from "../../src/schema/event.ts";
import { createWatcher } from "../../src/watcher/watcher.ts";
import { temporaryDirectory } from "../helpers/directory.ts";
import { follow, type TestServer, testServer, trpcClient } from "../helpers/server.ts";
import { verifies } from "./verifies.ts";

type Change = Extract<AnyEvent, { type: "file.watcher.updated" }>["properties"];
type Followed = ReturnType<typeof follow>;

const changesOf = ({ events }: Followed): Change[] =>
  events.flatMap(({ event }) => (event.type === "file.watcher.updated" ? [event.properties] : []));

async function followed({ url }: TestServer): Promise<Followed> {
  const events = follow(url);
  await events.until(({ type }) => type === "server.connected");
  return events;
}

/** Resolves when this change was told; everything before it was told before. */
const until = (events: Followed, file: string, change: Change["event"]) =>
  events.until(({ type, properties }) => type === "file.watcher.updated" && properties.file === file && properties.event === change);

describe("changes by others", () => {
  verifies(
    "decision: changes by others are watched",
    "are told: files that are added, changed, moved and removed, in new directories too",
    async () => {
      await using test = await testServer({ files: { "a.txt": "one\n", "src/deep/b.txt": "b\n" } });
      const at = test.repository.join;
      using events = await followed(test);
      await appendFile(at("a.txt"), "two\n");
      await until(events, at("a.txt"), "change");
      await writeFile(at("src/deep/new.txt"), "new");
      await until(events, at("src/deep/new.txt"), "add");
      await mkdir(at("fresh/inner"), { recursive: true });
      await writeFile(at("fresh/inner/c.txt"), "c");
      await until(events, at("fresh/inner/c.txt"), "add");
      await writeFile(at("fresh/inner/d.txt"), "d");
      await until(events, at("fresh/inner/d.txt"), "add");
      await rename(at("src/deep/b.txt"), at("moved.txt"));
      await Promise.all([until(events, at("src/deep/b.txt"), "unlink"), until(events, at("moved.txt"), "add")]);
      await rm(at("fresh"), { recursive: true });
      await Promise.all([until(events, at("fresh/inner/c.txt"), "unlink"), until(events, at("fresh/inner/d.txt"), "unlink")]);
    },
  );

  verifies(
    "decision: changes by others are watched",
    "are left out where git ignores them, and where the configuration says so",
    async () => {
      await using test = await testServer({
        files: { ".gitignore": "dist/\n*.log\n", "packages/one/.gitignore": "/generated\n", "packages/one/a.ts": "", "logs/x.txt": "" },
        config: { watcher: { ignore: ["logs/**"] } },
      });
      const { write, join: at, commit } = test.repository;
      using events = await followed(test);
      await write({ "dist/x.js": "", "x.log": "", "packages/one/generated/y.ts": "", "node_modules/z/index.js": "", "logs/x.txt": "more" });
      await commit("nothing of .git is told");
      await write({ "packages/one/a.ts": "said" });
      await until(events, at("packages/one/a.ts"), "change");
      expect(changesOf(events)).toEqual([{ file: at("packages/one/a.ts"), event: "change" }]);
      // Changed ignore files count from then on.
      await write({ ".gitignore": "a.ts\n" });
      await until(events, test.repository.path, "change");
      await write({ "packages/one/a.ts": "unsaid", "dist/x.js": "said" });
      await until(events, at("dist/x.js"), "change");
      expect(changesOf(events).filter(({ file }) => file === at("packages/one/a.ts"))).toHaveLength(1);
    },
  );

  verifies("decision: changes by others are watched", "reach every kind of stream, and a change of branch does too", async () => {
    await using test = await testServer({ files: { "a.txt": "" } });
    await using client = trpcClient(test.url);
    using events = await followed(test);
    const { promise: subscribed, resolve } = Promise.withResolvers<void>();
    const { promise: told, resolve: tell } = Promise.withResolvers<AnyEvent>();
    const subscription = client.trpc.event.subscribe.subscribe(undefined, {
      onData: ({ data }) => {
        if (data.type === "server.connected") resolve();
        if (data.type === "file.watcher.updated") tell(data);
      },
    });
    await subscribed;
    await appendFile(test.repository.join("a.txt"), "x");
    expect((await told).properties).toEqual({ file: test.repository.join("a.txt"), event: "change" });
    subscription.unsubscribe();
    await test.repository.git("checkout", "--quiet", "-b", "feature/one");
    await events.until(({ type, properties }) => type === "vcs.branch.updated" && properties.branch === "feature/one");
  });
});

describe("the watcher", () => {
  function watcherOf(path: string, limits: { directories?: number; changes?: number }) {
    const changes: Change[] = [];
    const problems: string[] = [];
    const waiting = new Set<() => void>();
    const watcher = createWatcher({
      directory: path,
      ignore: [],
      own: [`${path}/own`, `${path}/store.db`],
      ignored: async () => () => false,
      head: async () => undefined,
      onChange(change) {
        changes.push(change);
        for (const look of [...waiting]) look();
      },
      onHead: () => {},
      onProblem: (error) => problems.push(String(error)),
      limits,
    });
    const until = (file: string) =>
      new Promise<void>((resolve) => {
        const look = () => {
          if (changes.some((change) => change.file === file)) resolve();
        };
        waiting.add(look);
        look();
      });
    return { watcher, changes, problems, until };
  }

  test("tells a directory that comes or goes with more files than are told at once as one change too", async () => {
    await using directory = await temporaryDirectory();
    const root = directory.join("root");
    const names = Array.from({ length: 30 }, (_, index) => `many/deep/${index}.txt`);
    await directory.write({ "root/a.txt": "", ...Object.fromEntries(names.map((name) => [name, ""])) });
    const { watcher, changes, until } = watcherOf(root, { changes: 20 });
    using _watching = watcher;
    await watcher.start();
    await rename(directory.join("many"), directory.join("root/many"));
    await until(root);
    expect(changes).toEqual([{ file: root, event: "change" }]);
    changes.length = 0;
    await rename(directory.join("root/many"), directory.join("many"));
    await until(root);
    expect(changes).toEqual([{ file: root, event: "change" }]);
    await appendFile(directory.join("root/a.txt"), "more");
    await until(directory.join("root/a.txt"));
  });

  test("tells a flood as one change of the directory, and goes on after it", async () => {
    await using directory = await temporaryDirectory({ files: { "a.txt": "" } });
    const { watcher, changes, until } = watcherOf(directory.path, { changes: 20 });
    using _ = watcher;
    await watcher.start();
    await Promise.all(Array.from({ length: 200 }, (_, index) => writeFile(directory.join(`${index}.txt`), "")));
    await until(directory.path);
    expect(changes.at(-1)).toEqual({ file: directory.path, event: "change" });
    expect(changes.length).toBeLessThan(200);
    await directory.write({ "199.txt": "more", "last.txt": "" });
    await until(directory.join("last.txt"));
    expect(changes).toContainEqual({ file: directory.join("199.txt"), event: "change" });
  });

  test("watches so many directories and says where it stops", async () => {
    await using directory = await temporaryDirectory({ files: { "one/a.txt": "", "two/b.txt": "", "three/c.txt": "" } });
    const { watcher, problems } = watcherOf(directory.path, { directories: 2 });
    using _ = watcher;
    await watcher.start();
    expect(problems).toEqual([expect.stringContaining("Only 2 directories")]);
  });

  test("tells nothing of what the server writes itself, and nothing once it is stopped", async () => {
    await using directory = await temporaryDirectory({ files: { "a.txt": "", "own/x.txt": "", "store.db": "" } });
    const { watcher, changes, until } = watcherOf(directory.path, {});
    await watcher.start();
    await directory.write({ "own/x.txt": "x", "store.db": "x", "store.db-wal": "x", "a.txt": "x" });
    await until(directory.join("a.txt"));
    expect(changes).toEqual([{ file: directory.join("a.txt"), event: "change" }]);
    watcher.stop();
    await directory.write({ "a.txt": "y" });
    await watcher.start();
    await directory.write({ "b.txt": "z" });
    await until(directory.join("b.txt"));
    expect(changes.map(({ event }) => event)).toEqual(["change", "add"]);
    watcher.stop();
  });
});
