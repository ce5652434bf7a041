import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { listRemembered } from "../db/queries/permission.ts";
import type { EventLog } from "../src/event/log.ts";
import {
  type AskRequest,
  createPermissions,
  evaluate,
  type PermissionOptions,
  type PermissionService,
} from "../src/permission/permission.ts";
import { matches } from "../src/permission/rules.ts";
import { createId } from "../src/schema/id.ts";
import type { PermissionRequest } from "../src/schema/permission.ts";
import type { PermissionAction, PermissionRuleset } from "../src/schema/session.ts";
import { scope, storeFile, testLog } from "./helpers/store.ts";

const rule = (permission: string, pattern: string, action: PermissionAction) => ({ permission, pattern, action });

describe("rules", () => {
  test("the last rule that matches decides, and none matching asks", () => {
    const rules = [rule("*", "*", "ask"), rule("bash", "*", "allow"), rule("bash", "rm *", "deny"), rule("bash", "rm -i *", "allow")];
    expect(evaluate(rules, "bash", "ls")).toBe("allow");
    expect(evaluate(rules, "bash", "rm -rf /")).toBe("deny");
    expect(evaluate(rules, "bash", "rm -i notes")).toBe("allow");
    expect(evaluate(rules, "edit", "a.ts")).toBe("ask");
    expect(evaluate([], "edit", "a.ts")).toBe("ask");
  });

  test.each([
    ["src/deep/file.ts", "src/*", true],
    ["src/a.ts", "src/?.ts", true],
    ["src/ab.ts", "src/?.ts", false],
    ["git status", "git status *", true],
    ["git status --short", "git status *", true],
    ["git statusx", "git status *", false],
    ["git", "git*", true],
    ["echo a\necho b", "echo *", true],
    ["a.b", "a?b", true],
    ["axb", "a.b", false],
    ["(x)[y]", "(x)[y]", true],
    ["", "*", true],
    ["", "?", false],
    ["abcab", "*ab", true],
    ["C:\\Users\\me\\a.ts", "C:/Users/*", true],
    ["😀.ts", "?.ts", true],
  ])("%j against %j is %j", (text, wildcard, expected) => {
    expect(matches(text, wildcard)).toBe(expected);
  });

  test("a permission's name is matched by wildcard too", () => {
    expect(evaluate([rule("github_*", "*", "deny")], "github_create_issue", "*")).toBe("deny");
  });

  test.each(["~/notes/*", "$HOME/notes/*", "/home/me/notes/*"])("%s covers files of the home directory", (pattern) => {
    const home = "/home/me";
    expect(evaluate([rule("read", pattern, "allow")], "read", "/home/me/notes/a/b.md", { home })).toBe("allow");
    expect(evaluate([rule("read", pattern, "allow")], "read", "~/notes/a.md", { home })).toBe("allow");
    expect(evaluate([rule("read", pattern, "allow")], "read", "/home/you/notes/a.md", { home })).toBe("ask");
  });

  test("a wildcard matches what its plain meaning says, for any text", () => {
    const letters = fc.array(fc.constantFrom("a", "b", "*", "?", "/", " ", "."), { maxLength: 8 }).map((all) => all.join(""));
    fc.assert(
      fc.property(letters, letters, (text, wildcard) => {
        expect(matches(text, wildcard)).toBe(
          plainMatch(text, wildcard) || (wildcard.endsWith(" *") && plainMatch(text, wildcard.slice(0, -2))),
        );
      }),
    );
  });

  test("a wildcard made to be slow is not", () => {
    expect(matches("a".repeat(5_000), `${"*a".repeat(200)}b`)).toBe(false);
  });
});

function plainMatch(text: string, wildcard: string): boolean {
  if (wildcard === "") return text === "";
  if (wildcard[0] === "*") return plainMatch(text, wildcard.slice(1)) || (text !== "" && plainMatch(text.slice(1), wildcard));
  return text !== "" && (wildcard[0] === "?" || wildcard[0] === text[0]) && plainMatch(text.slice(1), wildcard.slice(1));
}

interface TestPermissions extends AsyncDisposable {
  permissions: PermissionService;
  log: EventLog;
  remembered(): Promise<{ permission: string; pattern: string }[]>;
}

async function testPermissions(options: Partial<PermissionOptions> & { file?: string } = {}): Promise<TestPermissions> {
  const { file, ...rest } = options;
  const store = await testLog(file === undefined ? {} : { file });
  const permissions = createPermissions({ log: store.log, database: store.database, ...rest });
  return {
    permissions,
    log: store.log,
    remembered: () => listRemembered(store.database.orm, scope.projectID),
    async [Symbol.asyncDispose]() {
      await permissions[Symbol.asyncDispose]();
      await store[Symbol.asyncDispose]();
    },
  };
}

/** The session's next ask that is told from now on. */
async function nextAsk(log: EventLog, sessionID: string): Promise<PermissionRequest> {
  for await (const { event } of log.read({ sessionID })) if (event.type === "permission.asked") return event.properties;
  throw new Error("The log ended before the ask came.");
}

function request(change: Partial<AskRequest> = {}): AskRequest {
  return {
    session: { id: createId("session"), ...scope },
    rules: [],
    permission: "bash",
    patterns: ["echo hi"],
    always: ["echo *"],
    metadata: { command: "echo hi" },
    tool: { messageID: createId("message"), callID: "call_1" },
    signal: new AbortController().signal,
    ...change,
  };
}

async function replies(log: EventLog): Promise<{ requestID: string; reply: string }[]> {
  const found: { requestID: string; reply: string }[] = [];
  const last = await log.position();
  for await (const { event, position } of log.read({ after: 0 })) {
    if (event.type === "permission.replied") found.push({ requestID: event.properties.requestID, reply: event.properties.reply });
    if (position === last) return found;
  }
  return found;
}

/** Starts an ask and waits until it was told. */
async function open(
  server: TestPermissions,
  change: Partial<AskRequest> = {},
): Promise<{ id: string; done: Promise<void>; request: AskRequest }> {
  const full = request(change);
  const told = nextAsk(server.log, full.session.id);
  const done = server.permissions.ask(full);
  done.catch(() => {});
  return { id: (await told).id, done, request: full };
}

describe("asking", () => {
  test("what the rules allow is allowed without an ask", async () => {
    await using server = await testPermissions();
    await server.permissions.ask(request({ rules: [rule("bash", "echo *", "allow")] }));
    expect(await server.log.position()).toBe(0);
  });

  test("what a rule denies is rejected at once, and the message names the rule", async () => {
    await using server = await testPermissions();
    const denied = server.permissions.ask(
      request({ rules: [rule("bash", "*", "allow"), rule("bash", "rm *", "deny")], patterns: ["ls", "rm x"] }),
    );
    await expect(denied).rejects.toMatchObject({
      name: "PermissionRejectedError",
      message: expect.stringContaining('{"permission":"bash","pattern":"rm *","action":"deny"}'),
      data: { by: "rule", pattern: "rm x" },
    });
    await expect(denied).rejects.not.toHaveProperty("stopsTurn");
    expect(await server.log.position()).toBe(0);
  });

  test("a pattern that no rule allows makes the whole request an ask, listed until it is answered", async () => {
    await using server = await testPermissions();
    const asked = await open(server, { rules: [rule("bash", "ls *", "allow")], patterns: ["ls -l", "echo hi"] });
    const expected = {
      id: expect.stringMatching(/^per_/),
      sessionID: asked.request.session.id,
      permission: "bash",
      patterns: ["ls -l", "echo hi"],
      always: ["echo *"],
      metadata: { command: "echo hi" },
      tool: asked.request.tool,
    };
    expect(await server.permissions.list()).toEqual([expected]);
    expect(await server.permissions.list(scope.directory)).toEqual([expected]);
    expect(await server.permissions.list("/elsewhere")).toEqual([]);
    await server.permissions.reply(asked.id, { reply: "once" });
    await asked.done;
    expect(await server.permissions.list()).toEqual([]);
  });

  test("a request without patterns is an ask too", async () => {
    await using server = await testPermissions();
    const asked = await open(server, { patterns: [], rules: [rule("bash", "ls *", "allow")] });
    await server.permissions.reply(asked.id, { reply: "once" });
    await asked.done;
    await server.permissions.ask(request({ patterns: [], rules: [rule("bash", "*", "allow")] }));
  });

  test("`~` in a rule is the home that the service was given", async () => {
    await using server = await testPermissions({ home: "/home/me" });
    await server.permissions.ask(request({ permission: "read", patterns: ["/home/me/a"], rules: [rule("read", "~/*", "allow")] }));
    expect(await server.log.position()).toBe(0);
  });

  test("`once` allows this call only", async () => {
    await using server = await testPermissions();
    const first = await open(server);
    await server.permissions.reply(first.id, { reply: "once" });
    await first.done;
    const second = await open(server);
    expect(second.id).not.toBe(first.id);
  });

  test("`reject` without words stops the turn", async () => {
    await using server = await testPermissions();
    const asked = await open(server);
    await server.permissions.reply(asked.id, { reply: "reject" });
    await expect(asked.done).rejects.toMatchObject({ name: "PermissionRejectedError", stopsTurn: true, data: { by: "person" } });
  });

  test("`reject` with words hands them to the model and the turn goes on", async () => {
    await using server = await testPermissions();
    const asked = await open(server);
    await server.permissions.reply(asked.id, { reply: "reject", message: "use ls instead" });
    await expect(asked.done).rejects.toMatchObject({
      message: expect.stringContaining("use ls instead"),
      data: { by: "person", feedback: "use ls instead" },
    });
    await expect(asked.done).rejects.not.toHaveProperty("stopsTurn");
  });

  test("rejecting one rejects all that wait in the session, each with its own answer, and no other session's", async () => {
    await using server = await testPermissions();
    const session = { id: createId("session"), ...scope };
    const [first, second, other] = [await open(server, { session }), await open(server, { session }), await open(server)];
    await server.permissions.reply(first.id, { reply: "reject" });
    await expect(first.done).rejects.toMatchObject({ stopsTurn: true });
    await expect(second.done).rejects.toMatchObject({ stopsTurn: true });
    expect(await replies(server.log)).toEqual([first, second].map(({ id }) => ({ requestID: id, reply: "reject" })));
    expect((await server.permissions.list()).map(({ id }) => id)).toEqual([other.id]);
  });
});

describe("always", () => {
  test("is remembered for the project: what it covers is not asked again, in any session", async () => {
    await using server = await testPermissions();
    const asked = await open(server);
    await server.permissions.reply(asked.id, { reply: "always" });
    await asked.done;
    await server.permissions.ask(request({ patterns: ["echo again"] }));
    expect(await server.remembered()).toEqual([{ permission: "bash", pattern: "echo *" }]);
  });

  test("settles every waiting ask it covers, in other sessions too, and leaves the rest", async () => {
    await using server = await testPermissions();
    const first = await open(server);
    const covered = await open(server, { patterns: ["echo two"] });
    const withRule = await open(server, { patterns: ["ls", "echo three"], rules: [rule("bash", "ls", "allow")] });
    const elsewhere = await open(server, { session: { id: createId("session"), directory: "/other", projectID: "other" } });
    const different = await open(server, { patterns: ["rm x"] });
    await server.permissions.reply(first.id, { reply: "always" });
    await Promise.all([first.done, covered.done, withRule.done]);
    expect((await server.permissions.list()).map(({ id }) => id)).toEqual([elsewhere.id, different.id]);
    expect(await replies(server.log)).toEqual([first, covered, withRule].map(({ id }) => ({ requestID: id, reply: "always" })));
  });

  test("does not outweigh a rule that denies", async () => {
    await using server = await testPermissions();
    const asked = await open(server);
    await server.permissions.reply(asked.id, { reply: "always" });
    await asked.done;
    const rules: PermissionRuleset = [rule("bash", "echo secret", "deny")];
    await expect(server.permissions.ask(request({ rules, patterns: ["echo secret"] }))).rejects.toMatchObject({ data: { by: "rule" } });
  });
});

describe("for the session", () => {
  const session = { id: createId("session"), ...scope };

  test("what two answers at once cover is not asked again there, is asked elsewhere, and the log calls them once", async () => {
    await using server = await testPermissions();
    const first = await open(server, { session });
    const covered = await open(server, { session, patterns: ["echo two"] });
    const second = await open(server, { session, patterns: ["ls"], always: ["ls *"] });
    const elsewhere = await open(server);
    await Promise.all([first, second].map(({ id }) => server.permissions.reply(id, { reply: "session" })));
    await Promise.all([first.done, covered.done, second.done]);
    await server.permissions.ask(request({ session, patterns: ["echo again", "ls -a"] }));
    expect((await server.permissions.list()).map(({ id }) => id)).toEqual([elsewhere.id]);
    expect(new Set((await replies(server.log)).map(({ reply }) => reply))).toEqual(new Set(["once"]));
    expect(await server.remembered()).toEqual([]);
  });

  test("does not outweigh a rule that denies", async () => {
    await using server = await testPermissions();
    const asked = await open(server, { session });
    await server.permissions.reply(asked.id, { reply: "session" });
    await asked.done;
    const rules: PermissionRuleset = [rule("bash", "echo secret", "deny")];
    const again = server.permissions.ask(request({ session, rules, patterns: ["echo secret"] }));
    await expect(again).rejects.toMatchObject({ data: { by: "rule" } });
  });
});

describe("an ask is answered once", () => {
  test("a second answer and an unknown id are PermissionNotFoundError with the id", async () => {
    await using server = await testPermissions();
    const asked = await open(server);
    await server.permissions.reply(asked.id, { reply: "once" });
    for (const id of [asked.id, "per_unknown", "nonsense"]) {
      const failure = await server.permissions.reply(id, { reply: "once" }).catch((error) => error.toBody());
      expect(failure).toMatchObject({ _tag: "PermissionNotFoundError", requestID: id, message: expect.stringContaining(id) });
    }
  });

  test("an ask of another session is not known under this one", async () => {
    await using server = await testPermissions();
    const asked = await open(server);
    const wrong = server.permissions.reply(asked.id, { reply: "once", sessionID: createId("session") });
    await expect(wrong).rejects.toMatchObject({ name: "PermissionNotFoundError" });
    await server.permissions.reply(asked.id, { reply: "once", sessionID: asked.request.session.id });
    await asked.done;
  });

  test("of many answers at the same time, from two servers, exactly one counts", async () => {
    await using store = await storeFile();
    await using one = await testPermissions({ file: store.file });
    await using two = await testPermissions({ file: store.file });
    const asked = await open(one);
    const answers = [one, two, one, two, one, two].map(({ permissions }) => permissions.reply(asked.id, { reply: "once" }));
    const results = await Promise.allSettled(answers);
    expect(results.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    for (const result of results)
      if (result.status === "rejected")
        expect(result.reason).toMatchObject({ name: "PermissionNotFoundError", data: { requestID: asked.id } });
    await asked.done;
    expect(await replies(one.log)).toEqual([{ requestID: asked.id, reply: "once" }]);
  });

  test("a second server answers for the first, and its words arrive there and are kept nowhere else", async () => {
    await using store = await storeFile();
    await using one = await testPermissions({ file: store.file });
    await using two = await testPermissions({ file: store.file });
    const asked = await open(one);
    expect((await two.permissions.list()).map(({ id }) => id)).toEqual([asked.id]);
    await two.permissions.reply(asked.id, { reply: "reject", message: "not on Fridays" });
    await expect(asked.done).rejects.toMatchObject({ data: { by: "person", feedback: "not on Fridays" } });
    await using reader = await testLog({ file: store.file });
    expect(await reader.database.orm.query.permissionFeedback.findMany()).toEqual([]);
  });
});

describe("nobody answers", () => {
  test("an abort withdraws the ask and throws the signal's reason", async () => {
    await using server = await testPermissions();
    const stop = new AbortController();
    const asked = await open(server, { signal: stop.signal });
    stop.abort(new Error("enough"));
    await expect(asked.done).rejects.toThrow("enough");
    expect(await server.permissions.list()).toEqual([]);
    expect(await replies(server.log)).toEqual([{ requestID: asked.id, reply: "reject" }]);
  });

  test("an ask under a signal that was aborted before is not even told", async () => {
    await using server = await testPermissions();
    await expect(server.permissions.ask(request({ signal: AbortSignal.abort(new Error("over")) }))).rejects.toThrow("over");
    expect(await server.log.position()).toBe(0);
  });

  test("the time-out policy rejects it, says so and stops the turn", async () => {
    await using server = await testPermissions({ timeout: { ms: 1, reply: "reject" } });
    await expect(server.permissions.ask(request())).rejects.toMatchObject({ stopsTurn: true, data: { by: "timeout" } });
    expect(await server.permissions.list()).toEqual([]);
  });

  test("closing the service withdraws what waits on it, and nothing of other servers", async () => {
    await using store = await storeFile();
    await using one = await testPermissions({ file: store.file });
    await using two = await testPermissions({ file: store.file });
    const asked = await open(one);
    const other = await open(two);
    await one.permissions[Symbol.asyncDispose]();
    await expect(asked.done).rejects.toMatchObject({ name: "ServiceUnavailableError" });
    expect((await two.permissions.list()).map(({ id }) => id)).toEqual([other.id]);
    await expect(one.permissions.ask(request())).rejects.toMatchObject({ name: "ServiceUnavailableError" });
  });

  test("a log that ends under the service fails what waits instead of leaving it", async () => {
    await using server = await testPermissions();
    const asked = await open(server);
    await server.log[Symbol.asyncDispose]();
    await expect(asked.done).rejects.toMatchObject({ name: "ServiceUnavailableError" });
  });
});
