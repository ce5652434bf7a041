import { describe, expect, test } from "vitest";
import type { Memory } from "../../src/schema/memory.ts";
import type { MessageWithParts } from "../../src/schema/prompt.ts";
import type { Session } from "../../src/schema/session.ts";
import { say, textOf, watch } from "../helpers/app.ts";
import { getJSON, postJSON, type TestServer, testServer, trpcClient } from "../helpers/server.ts";
import { verifies } from "./verifies.ts";

const newSession = ({ url }: TestServer) => postJSON<Session>(`${url}/session`, {});
const command = ({ url }: TestServer, { id }: Session, name: string, given: string) =>
  postJSON<MessageWithParts>(`${url}/session/${id}/command`, { command: name, arguments: given });
const prompt = ({ url }: TestServer, { id }: Session, text: string) =>
  postJSON<MessageWithParts>(`${url}/session/${id}/message`, say(text));

describe("/remember and /recall", () => {
  verifies("decision: remember and recall", "store and find across sessions, as commands that no model answers", async () => {
    await using test = await testServer();
    using events = watch(test.app);
    const [first, second] = [await newSession(test), await newSession(test)];
    const solution = "Use --no-verify for emergency hotfixes";
    const stored = await command(test, first, "remember", `WORKING_SOLUTION: ${solution}`);
    expect(stored.info).toMatchObject({ role: "assistant", finish: "stop", time: { completed: expect.any(Number) } });
    expect(textOf(stored)).toBe(`Remembered (WORKING_SOLUTION): ${solution}`);
    await events.until("command.executed", ({ properties }) => properties.name === "remember" && properties.messageID === stored.info.id);
    await command(test, first, "remember", "--type failure The tests hang\nwithout a time-out");
    await command(test, first, "remember", "plain");

    const found = await command(test, second, "recall", "--type WORKING_SOLUTION --recent 10");
    expect(textOf(found)).toContain(`- WORKING_SOLUTION: ${solution} (`);
    expect(textOf(found)).not.toContain("plain");
    expect(textOf(await command(test, second, "recall", "HANG"))).toContain("- FAILURE: The tests hang\nwithout a time-out (");
    const newest = textOf(await command(test, second, "recall", "--recent 1"));
    expect(newest).toContain("- NOTE: plain (");
    expect(newest).not.toContain("FAILURE");
    expect(textOf(await command(test, second, "recall", "--type NOTHING"))).toBe("Nothing is remembered of type NOTHING.");
    expect(test.model.requests()).toEqual([]);
    expect(test.model.titleRequests()).toEqual([]);
  });

  verifies("decision: remember and recall", "work in a line of a prompt, whose other lines reach the model unchanged", async () => {
    await using test = await testServer();
    const session = await newSession(test);
    await command(test, session, "remember", "FAILURE: npm ci needs the lockfile");
    test.model.text("{ gaps: [] }");
    const text =
      "Analyze:\n\n/recall --type FAILURE --recent 20\n/remember asked for gaps\n/recall --recent many\n\nOutput as JSON.\n```\n/remember not this\n```";
    expect(textOf(await prompt(test, session, text))).toBe("{ gaps: [] }");
    const asked = JSON.stringify(test.model.requests()[0]?.body.messages.at(-1)?.content);
    expect(asked).toContain(JSON.stringify(text).slice(1, -1));
    expect(asked).toContain("- FAILURE: npm ci needs the lockfile (");
    expect(asked).toContain("Remembered (NOTE): asked for gaps");
    expect(asked).toContain("--recent is a whole number");
    const memories = await getJSON<Memory[]>(`${test.url}/memory`);
    expect(memories.map((memory) => memory.text)).toEqual(["asked for gaps", "npm ci needs the lockfile"]);
    expect(textOf(await prompt(test, session, "/recall FAILURE lockfile"))).toContain("Nothing is remembered");
    expect(textOf(await prompt(test, session, "/recall lockfile"))).toContain("npm ci");
    expect(test.model.requests()).toHaveLength(1);
  });

  verifies("decision: remember and recall", "give way to the user's own commands of these names", async () => {
    await using test = await testServer({ files: { ".opencode/command/remember.md": "Write this down: $ARGUMENTS" } });
    const session = await newSession(test);
    test.model.text("Written.").text("As you say.");
    expect(textOf(await command(test, session, "remember", "the milk"))).toBe("Written.");
    expect(test.model.requests()[0]?.body.messages.at(-1)?.content).toBe("Write this down: the milk");
    expect(textOf(await prompt(test, session, "/remember the milk"))).toBe("As you say.");
    expect(await getJSON(`${test.url}/memory`)).toEqual([]);
  });

  verifies("decision: remember and recall", "store once for one message id, and nothing for arguments that make no sense", async () => {
    await using test = await testServer();
    const session = await newSession(test);
    const body = { command: "remember", arguments: "x", messageID: "msg_1" };
    const once = () => postJSON(`${test.url}/session/${session.id}/command`, body);
    expect(await once()).toEqual(await once());
    expect(await getJSON(`${test.url}/memory`)).toHaveLength(1);
    for (const [name, given, message] of [
      ["remember", "", "needs a text"],
      ["remember", "--type", "--type needs a value"],
      ["recall", "--recent 0", "--recent is a whole number from 1 to 1000"],
      ["recall", "--type ../x", "--type is a word"],
    ]) {
      const body = JSON.stringify({ command: name, arguments: given });
      const response = await fetch(`${test.url}/session/${session.id}/command`, { method: "POST", body });
      expect([response.status, await response.json()]).toMatchObject([
        400,
        { name: "BadRequest", message: expect.stringContaining(message ?? "") },
      ]);
    }
    expect(await getJSON<unknown[]>(`${test.url}/session/${session.id}/message`)).toHaveLength(2);
  });

  test("what is remembered is listed, and forgotten, over REST and tRPC, in its project only", async () => {
    await using test = await testServer();
    await using client = trpcClient(test.url);
    const session = await newSession(test);
    await command(test, session, "remember", "A: one");
    await command(test, session, "remember", "B: two");
    const [two, one] = await getJSON<Memory[]>(`${test.url}/memory`);
    expect([two, one]).toMatchObject([
      { type: "B", text: "two", directory: test.repository.path, projectID: session.projectID, time: { created: expect.any(Number) } },
      { type: "A", text: "one" },
    ]);
    expect(await getJSON(`${test.url}/memory?type=a`)).toEqual([one]);
    expect(await client.trpc.memory.list.query({ recent: 1 })).toEqual([two]);
    const forget = (id: string) => fetch(`${test.url}/memory/${id}`, { method: "DELETE" });
    expect(await (await forget(one?.id ?? "")).json()).toBe(true);
    const gone = await forget(one?.id ?? "");
    expect([gone.status, await gone.json()]).toMatchObject([404, { name: "NotFoundError" }]);
    expect(await getJSON(`${test.url}/memory`)).toEqual([two]);
    const bad = await fetch(`${test.url}/memory?recent=0`);
    expect([bad.status, await bad.json()]).toMatchObject([400, { data: { field: "recent", kind: "Query" } }]);
    const elsewhere = { projectID: "another", directory: test.repository.path };
    expect(await test.app.memories.list(elsewhere)).toEqual([]);
    await expect(test.app.memories.remove(elsewhere, two?.id ?? "")).rejects.toMatchObject({ name: "NotFoundError" });
  });
});
