import { describe, expect, it } from "vitest";
import { say, textOf, watch } from "../helpers/app.ts";
import { send } from "../helpers/host.ts";
import { listedProcedures } from "../helpers/procedures.ts";
import { type TestServer, testServer } from "../helpers/server.ts";

const rules = { permission: { bash: { "*": "allow" as const, "touch *": "ask" as const } } };

/** A command that calls the server as a model would write it, and prints the status and the answer. */
function request(
  url: string,
  { method = "POST", path, body = "{}", headers = {} }: { method?: string; path: string; body?: string; headers?: object },
) {
  const options = JSON.stringify({
    method,
    headers: { "content-type": "application/json", ...headers },
    ...(method !== "GET" && { body }),
  });
  const script = `fetch(${JSON.stringify(url + path)}, ${options}).then(async (answer) => console.log(answer.status, await answer.text()))`;
  return `"${process.execPath}" -e '${script.replaceAll("'", "'\\''")}'`;
}

/** Lets the agent run the commands, one a call, in a session of its own; what each of them printed. */
async function runAsTool({ app, model, repository }: TestServer, commands: string[]): Promise<string[]> {
  for (const command of commands) model.calls({ name: "bash", input: { command, description: "call" } }, { when: "call-the-server-now" });
  model.text("Done.", { when: "call-the-server-now" });
  const session = await app.sessions.create(repository.path, {});
  await app.sessions.prompt(session.id, say("call-the-server-now"));
  const { items } = await app.sessions.messages(session.id);
  const parts = items.flatMap(({ parts }) => parts).filter((part) => part.type === "tool");
  return parts.map(({ state }) => (state.status === "completed" ? state.output : JSON.stringify(state)));
}

describe.runIf(process.platform === "linux")("a permission is not answered by what a tool started", () => {
  it.each([{}, { password: "secret" }])("with %j", async (listen) => {
    await using server = await testServer({ config: rules, listen });
    const headers = "password" in listen ? { authorization: `Basic ${Buffer.from("opencode:secret").toString("base64")}` } : undefined;
    using events = watch(server.app);
    const waiting = await server.app.sessions.create(server.repository.path, {});
    server.model
      .calls({ name: "bash", input: { command: "touch made", description: "touch" } }, { when: "make-the-file-now" })
      .text("Made.", { when: "make-the-file-now" });
    const answer = server.app.sessions.prompt(waiting.id, say("make-the-file-now"));
    const { properties: asked } = await events.until("permission.asked");

    const reply = { path: `/permission/${asked.id}/reply`, body: '{"reply":"once"}', headers };
    const respond = { path: `/session/${waiting.id}/permissions/${asked.id}`, body: '{"response":"always"}', headers };
    const printed = await runAsTool(server, [
      request(server.url, reply),
      request(server.url, respond),
      `(setsid sh -c '${request(server.url, reply).replaceAll("'", "'\\''")} > out' &) ; while [ ! -s out ]; do sleep 0.02; done; cat out`,
      request(server.url, { method: "GET", path: "/permission", headers }),
    ]);
    for (const text of printed.slice(0, 3)) expect(text).toMatch(/^403 .*decided by a person/);
    expect(printed[3]).toContain(asked.id);
    expect(await server.app.permissions.list()).toHaveLength(1);

    const person = await send(server.url + reply.path, { method: "POST", body: reply.body, headers });
    expect([person.status, textOf(await answer)]).toEqual([200, "Made."]);
    const trail = await server.app.audit.list();
    const actors = trail
      .filter(({ action }) => action.startsWith("permission.reply"))
      .map(({ actor, action }) => [actor.split(" ")[0], action]);
    expect(actors).toEqual([
      ["password" in listen ? "owner" : "local", "permission.reply"],
      ["tool", "permission.reply refused"],
      ["tool", "permission.reply refused"],
    ]);
  });

  it("nor does a tool change rights, configuration or credentials, or run commands past its permissions", async () => {
    await using server = await testServer({ config: rules });
    const session = await server.app.sessions.create(server.repository.path, {});
    const lifted = JSON.stringify({ permission: [{ permission: "*", pattern: "*", action: "allow" }] });
    const calls = [
      { path: "/token", body: '{"scope":"admin"}' },
      { path: "/session", body: lifted },
      { method: "PATCH", path: `/session/${session.id}`, body: lifted },
      { path: `/session/${session.id}/shell`, body: '{"agent":"build","command":"touch made"}' },
      { path: "/tui/submit-prompt" },
      { path: "/tui/execute-command", body: '{"command":"prompt.submit"}' },
      { path: "/tui/publish", body: '{"type":"tui.command.execute","properties":{"command":"prompt.submit"}}' },
      { path: "/tui/control", body: '{"path":"/tui/submit-prompt","body":{}}' },
      { path: "/mcp", body: '{"name":"x","config":{"type":"local","command":["touch","made"]}}' },
    ];
    const printed = await runAsTool(server, [...calls.map((call) => request(server.url, call)), request(server.url, { path: "/session" })]);
    for (const text of printed.slice(0, calls.length)) expect(text).toMatch(/^403 .*decided by a person/);
    expect(printed.at(-1)).toMatch(/^200 /);
    expect(await server.app.tokens.list()).toEqual([]);
  });
});

it("what an administrator changes needs a person by itself", () => {
  const admin = listedProcedures.filter(({ meta, type }) => meta.scope === "admin" && type === "mutation");
  expect(admin.length).toBeGreaterThan(5);
  expect(admin.filter(({ meta }) => meta.person === false)).toEqual([]);
  const answers = listedProcedures.filter(({ name }) =>
    /^(permission|question)\.(reply|reject)$|^session\.(respond|shell)$|^tui\.(ask|next|respond|submitPrompt|executeCommand|publish)$/.test(
      name,
    ),
  );
  expect(answers.map(({ meta }) => meta.person)).toEqual(answers.map(() => true));
});
