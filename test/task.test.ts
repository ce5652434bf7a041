import { describe, expect, it } from "vitest";
import type { ToolPart } from "../src/schema/part.ts";
import type { PermissionRequest } from "../src/schema/permission.ts";
import type { MessageWithParts } from "../src/schema/prompt.ts";
import type { Session } from "../src/schema/session.ts";
import { say, textOf, watch } from "./helpers/app.ts";
import { follow, getJSON, postJSON, testServer } from "./helpers/server.ts";

const taskCall = (agent: string, prompt: string, more: object = {}) => ({
  name: "task",
  input: { description: `do ${prompt}`, prompt, subagent_type: agent, ...more },
});

const tools = (messages: MessageWithParts[], tool: string): ToolPart[] =>
  messages.flatMap(({ parts }) => parts.filter((part) => part.type === "tool")).filter((part) => part.tool === tool);

const newSession = (url: string) => postJSON<Session>(`${url}/session`, { title: "Root" });
const send = (url: string, id: string, text: string) => postJSON<MessageWithParts>(`${url}/session/${id}/message`, say(text));

describe("the task tool", () => {
  it("runs two sub-agents side by side, each with a permission question, and returns what they say", async () => {
    await using test = await testServer({ config: { permission: { bash: "ask" } } });
    const { url } = test;
    test.model
      .calls([taskCall("general", "ALPHA-WORK"), taskCall("general", "BETA-WORK")], { when: "start both" })
      .calls({ name: "bash", input: { command: "echo alpha" } }, { when: "ALPHA-WORK" })
      .calls({ name: "bash", input: { command: "echo beta" } }, { when: "BETA-WORK" })
      .text("Alpha is done.", { when: "ALPHA-WORK" })
      .text("Beta is done.", { when: "BETA-WORK" })
      .text("Both are done.");
    const root = await newSession(url);
    using events = follow(url);
    const asked = () => events.events.flatMap(({ event }) => (event.type === "permission.asked" ? [event.properties] : []));
    const answer = send(url, root.id, "start both");
    await events.until(() => asked().length === 2);
    const children = await getJSON<Session[]>(`${url}/session/${root.id}/children`);
    expect(children.map(({ title, agent }) => [title, agent]).sort()).toEqual([
      ["do ALPHA-WORK (@general subagent)", "general"],
      ["do BETA-WORK (@general subagent)", "general"],
    ]);
    const waiting = await getJSON<PermissionRequest[]>(`${url}/permission`);
    expect(waiting.map(({ sessionID }) => sessionID).sort()).toEqual(children.map(({ id }) => id).sort());
    await events.until(({ type, properties }) => {
      const state = type === "message.part.updated" && properties.part.type === "tool" ? properties.part.state : undefined;
      return state?.status === "running" && Array.isArray(state.metadata?.summary) && state.metadata.summary[0]?.tool === "bash";
    });
    for (const { id } of waiting) await postJSON(`${url}/permission/${id}/reply`, { reply: "once" });
    expect(textOf(await answer)).toBe("Both are done.");
    expect(asked()).toHaveLength(2);

    const parts = tools(await getJSON<MessageWithParts[]>(`${url}/session/${root.id}/message`), "task");
    expect(parts.map(({ state }) => state.status)).toEqual(["completed", "completed"]);
    expect(parts[0]?.state).toMatchObject({
      title: "do ALPHA-WORK",
      output: expect.stringContaining("Alpha is done."),
      metadata: {
        parentSessionId: root.id,
        sessionId: expect.stringMatching(/^ses_/),
        model: { providerID: "mock", modelID: "mock-1" },
        truncated: false,
      },
    });
  });

  it("tells the model which sub-agents there are, refuses others, and goes on with an earlier task", async () => {
    await using test = await testServer({
      files: { ".opencode/agent/critic.md": "---\ndescription: Finds faults\nmode: subagent\nmodel: mock/mock-1\n---\nYou find faults.\n" },
      config: { agent: { build: { permission: { task: { explore: "deny" } } } } },
    });
    test.model
      .calls(taskCall("nobody", "x"))
      .calls(taskCall("critic", "LOOK-AT-IT"))
      .text("Faulty.", { when: "You find faults." })
      .text("First.");
    const root = await newSession(test.url);
    await send(test.url, root.id, "go");
    const [first, , child] = test.model.requests();
    const described = first?.body.tools?.find(({ function: { name } }) => name === "task")?.function.description;
    expect(described).toContain("- critic: Finds faults");
    expect(described).toContain("- general:");
    expect(described).not.toContain("- explore:");
    expect(described).not.toContain("- build:");
    expect(JSON.stringify(child?.body.messages[0])).toContain("You find faults.");
    expect(child?.body.tools?.map(({ function: { name } }) => name)).not.toContain("task");

    const parts = tools(await getJSON<MessageWithParts[]>(`${test.url}/session/${root.id}/message`), "task");
    expect(parts[0]?.state).toMatchObject({ status: "error", error: expect.stringMatching(/no sub-agent "nobody".*critic, general/) });
    const taskID = parts[1]?.state.status === "completed" ? String(parts[1].state.metadata.sessionId) : "";
    test.model
      .calls(taskCall("critic", "AGAIN", { task_id: taskID }))
      .text("Still faulty.", { when: "You find faults." })
      .text("Second.");
    expect(textOf(await send(test.url, root.id, "again"))).toBe("Second.");
    const again = test.model.requests().find(({ body }) => JSON.stringify(body.messages.at(-1)).includes("AGAIN"));
    expect(JSON.stringify(again?.body.messages)).toContain("Faulty.");
    expect(await getJSON<Session[]>(`${test.url}/session/${root.id}/children`)).toHaveLength(1);
  });

  it("keeps the limits of the agent above: what it may not edit, its sub-agent may not either", async () => {
    await using test = await testServer();
    test.model.calls(taskCall("general", "PLAN-WORK")).text("Looked.", { when: "PLAN-WORK" }).text("Planned.");
    const root = await newSession(test.url);
    await postJSON(`${test.url}/session/${root.id}/message`, { ...say("plan it"), agent: "plan" });
    const names = test.model.requests()[1]?.body.tools?.map(({ function: { name } }) => name);
    expect(names).toContain("read");
    expect(names).not.toContain("edit");
  });

  it("brings a question from three sessions below to the watchers of the root once, and goes no deeper", async () => {
    const nested = "---\nmode: subagent\npermission:\n  task: allow\n---\nYou delegate.\n";
    await using test = await testServer({ files: { ".opencode/agent/nested.md": nested }, config: { permission: { bash: "ask" } } });
    const { url } = test;
    test.model
      .calls(taskCall("nested", "ONE"))
      .calls(taskCall("nested", "TWO"))
      .calls(taskCall("nested", "THREE"))
      .calls([taskCall("nested", "FOUR"), { name: "bash", input: { command: "echo deep" } }])
      .text("third")
      .text("second")
      .text("first")
      .text("All the way.");
    const root = await newSession(url);
    using events = follow(url);
    const answer = send(url, root.id, "dig");
    const asked = () => events.events.flatMap(({ event }) => (event.type === "permission.asked" ? [event.properties] : []));
    await events.until(() => asked().length === 1);
    const waiting = await getJSON<PermissionRequest[]>(`${url}/permission`);
    expect(waiting).toHaveLength(1);
    const deepest = await getJSON<Session>(`${url}/session/${waiting[0]?.sessionID}`);
    expect((await getJSON<Session>(`${url}/session/${deepest.parentID}`)).parentID).not.toBe(root.id);
    await postJSON(`${url}/permission/${waiting[0]?.id}/reply`, { reply: "once" });
    expect(textOf(await answer)).toBe("All the way.");
    expect(asked()).toHaveLength(1);
    const [refused] = tools(await getJSON<MessageWithParts[]>(`${url}/session/${deepest.id}/message`), "task");
    expect(refused?.state).toMatchObject({ status: "error", error: expect.stringContaining("3 deep") });
  });

  it("ends its sub-agents when the session is aborted, and says so", async () => {
    await using test = await testServer();
    test.model
      .calls([taskCall("general", "ALPHA-WORK"), taskCall("general", "BETA-WORK")])
      .hang("a", { when: "ALPHA-WORK" })
      .hang("b", { when: "BETA-WORK" });
    const root = await newSession(test.url);
    const answer = send(test.url, root.id, "start both");
    await test.model.received(3);
    await postJSON(`${test.url}/session/${root.id}/abort`, {});
    const { info, parts } = await answer;
    expect(info).toMatchObject({ error: { name: "MessageAbortedError" } });
    expect(parts.filter((part) => part.type === "tool").map(({ state }) => state)).toEqual([
      expect.objectContaining({ status: "error", error: "Task cancelled", metadata: expect.objectContaining({ interrupted: true }) }),
      expect.objectContaining({ status: "error", error: "Task cancelled" }),
    ]);
    await test.model.hungUp(2);
    expect(await getJSON(`${test.url}/session/status`)).toEqual({});
    for (const { id } of await getJSON<Session[]>(`${test.url}/session/${root.id}/children`)) {
      const messages = await getJSON<MessageWithParts[]>(`${test.url}/session/${id}/message`);
      expect(messages.at(-1)?.info).toMatchObject({ error: { name: "MessageAbortedError" } });
    }
    expect(test.model.requests()).toHaveLength(3);
  });

  it("reports a sub-agent that was aborted by itself, and the session goes on", async () => {
    await using test = await testServer();
    using events = watch(test.app);
    test.model.calls(taskCall("general", "ALPHA-WORK")).hang("a", { when: "ALPHA-WORK" }).text("Without it, then.");
    const root = await newSession(test.url);
    const answer = send(test.url, root.id, "start");
    const { properties } = await events.until("session.created", ({ properties: { info } }) => info.parentID === root.id);
    await test.model.received(2);
    await postJSON(`${test.url}/session/${properties.sessionID}/abort`, {});
    expect(textOf(await answer)).toBe("Without it, then.");
    expect(JSON.stringify(test.model.requests().at(-1)?.body.messages)).toContain("Task cancelled");
  });
});

describe("a prompt", () => {
  it("with subtask parts has sub-agents do them before the model is asked", async () => {
    await using test = await testServer();
    test.model.text("Found it.", { when: "LOOK-FOR-IT" }).text("Here you are.");
    const root = await newSession(test.url);
    const subtask = { type: "subtask", agent: "explore", description: "look", prompt: "LOOK-FOR-IT" };
    const answer = await postJSON<MessageWithParts>(`${test.url}/session/${root.id}/message`, { parts: [subtask] });
    expect(textOf(answer)).toBe("Here you are.");
    const [part] = tools(await getJSON<MessageWithParts[]>(`${test.url}/session/${root.id}/message`), "task");
    expect(part?.state).toMatchObject({ status: "completed", title: "look", output: expect.stringContaining("Found it.") });
    expect(test.model.requests()[1]?.body.messages.map(({ role }) => role)).toEqual(["system", "user", "assistant", "tool"]);
  });

  it("that names an agent tells the model to hand the task to it; an unknown one is refused", async () => {
    await using test = await testServer();
    test.model.text("ok");
    const root = await newSession(test.url);
    const at = (name: string) =>
      fetch(`${test.url}/session/${root.id}/message`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ parts: [...say(`@${name} find it`).parts, { type: "agent", name }] }),
      });
    expect((await at("nobody")).status).toBe(400);
    expect((await at("explore")).status).toBe(200);
    expect(JSON.stringify(test.model.requests()[0]?.body.messages.at(-1))).toMatch(/task tool.*explore/);
  });
});
