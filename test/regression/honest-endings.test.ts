import { describe, expect, it } from "vitest";
import type { MessageWithParts } from "../../src/schema/prompt.ts";
import type { Session } from "../../src/schema/session.ts";
import { mockModel } from "../helpers/model.ts";
import { programWorkspace } from "../helpers/program.ts";
import { postJSON } from "../helpers/server.ts";

describe("the program's end", () => {
  it("is never a success when the server cannot even be called", async () => {
    await using workspace = await programWorkspace();
    // A port that Node refuses to call at all: the client's socket neither opens nor closes.
    const { code, stdout, stderr } = await workspace.run(["run", "--attach", "http://127.0.0.1:9", "hello"]);
    expect({ code, stdout }).toEqual({ code: 4, stdout: "" });
    expect(stderr).toMatch(/^codeport: No server answers at http:\/\/127\.0\.0\.1:9: .*\n$/);
  });

  it("still answers who waits for a running turn", async () => {
    await using model = await mockModel();
    await using workspace = await programWorkspace();
    const server = await workspace.start(["serve", "--port", "0"], { env: { OPENCODE_CONFIG_CONTENT: JSON.stringify(model.config()) } });
    const url = await server.listening();
    const session = await postJSON<Session>(`${url}/session`, { title: "Long" });
    model.hang("The answer begins");
    const answer = postJSON<MessageWithParts>(`${url}/session/${session.id}/message`, { parts: [{ type: "text", text: "go" }] });
    await model.received(1);
    server.kill("SIGTERM");
    expect((await answer).info).toMatchObject({ error: { name: "MessageAbortedError" }, time: { completed: expect.any(Number) } });
    expect(await server.exited).toEqual({ code: 0, signal: null });
  });
});
