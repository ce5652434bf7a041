import { expect, it, onTestFinished, vi } from "vitest";
import { createApp } from "../../src/app.ts";
import { createAudit } from "../../src/audit/audit.ts";
import { createCalls } from "../../src/calls.ts";
import { testEnvironment } from "../helpers/app.ts";
import { callerOf } from "../helpers/caller.ts";
import { gitRepository, temporaryDirectory } from "../helpers/directory.ts";
import { storeFile, testLog } from "../helpers/store.ts";

const actor = { name: "test" };

// Its client was gone, so nothing waited for it: what it did was put on record in a store that was closed, and nowhere.
it("a call that is under way when the server ends is done and on record before the store is closed", async () => {
  await using store = await storeFile();
  await using repository = await gitRepository();
  await using home = await temporaryDirectory();
  const faults: unknown[] = [];
  const open = () =>
    createApp({
      ...{ directory: repository.path, database: store.file, env: testEnvironment(home, {}), version: "0.0.0-test" },
      onError: (error) => faults.push(error),
    });
  const app = await open();
  const call = callerOf(app).call.global.updateConfig({ config: { username: "ada" } });
  const [updated] = await Promise.all([call, app[Symbol.asyncDispose]()]);
  expect(updated).toMatchObject({ username: "ada" });
  await using again = await open();
  expect(await again.audit.list()).toMatchObject([{ action: "global.updateConfig", actor: "test", hash: expect.any(String) }]);
  expect(faults).toEqual([]);
});

// A timer gave it its hash, in a store that was closed by then.
it("an entry that comes while the trail ends sets no timer, and is given its hash with the next one", async () => {
  await using opened = await testLog();
  const { database } = opened;
  const trail = createAudit({ database });
  vi.useFakeTimers({ toFake: ["setTimeout"] });
  onTestFinished(() => void vi.useRealTimers());
  await trail[Symbol.asyncDispose]();
  await trail.record({ actor, action: "late" });
  expect(vi.getTimerCount()).toBe(0);
  const next = createAudit({ database });
  expect(await next.list()).toMatchObject([{ action: "late", hash: undefined }]);
  await next.record({ actor, action: "next" });
  await next[Symbol.asyncDispose]();
  expect(await next.verify()).toMatchObject({ intact: true, entries: 2 });
  expect((await next.list()).map(({ hash }) => typeof hash)).toEqual(["string", "string"]);
});

it("a call that never ends holds an end up for the patience, and is told of", async () => {
  const late: number[] = [];
  const calls = createCalls({ patience: 1, late: (count) => late.push(count) });
  void calls.hold(new Promise(() => {}));
  await expect(calls.hold(Promise.reject(new Error("failed")))).rejects.toThrow("failed");
  await expect(calls.hold(Promise.resolve("done"))).resolves.toBe("done");
  await calls[Symbol.asyncDispose]();
  expect(late).toEqual([1]);
});
