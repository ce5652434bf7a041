import type { ResumePolicy } from "../../src/schema/config.ts";
import type { MessageWithParts } from "../../src/schema/prompt.ts";
import type { Session } from "../../src/schema/session.ts";
import { say } from "./app.ts";
import { type MockModel, mockModel } from "./model.ts";
import { programWorkspace, type Workspace } from "./program.ts";
import { follow, getJSON, postJSON } from "./server.ts";

export interface Crash {
  model: MockModel;
  workspace: Workspace;
  start(policy?: ResumePolicy): Promise<string>;
  /** Sends a prompt to a first server and kills it when the model has so many requests. */
  crash(requests: number): Promise<Session>;
  messages(url: string, session: Session): Promise<MessageWithParts[]>;
}

/** A server that dies over its first prompt, whatever the script of the model makes of it. */
export async function withCrash(run: (crash: Crash) => Promise<void>): Promise<void> {
  await using model = await mockModel();
  await using workspace = await programWorkspace({ files: { "a.txt": "one\n" } });
  const env = { OPENCODE_CONFIG_CONTENT: JSON.stringify({ ...model.config(), permission: "allow" }) };
  const launch = (policy?: ResumePolicy) => workspace.start(["serve", "--port", "0", ...(policy ? ["--resume", policy] : [])], { env });
  await run({
    model,
    workspace,
    start: async (policy) => (await launch(policy)).listening(),
    async crash(requests) {
      const first = await launch();
      const url = await first.listening();
      const session = await postJSON<Session>(`${url}/session`, { title: "Cut" });
      using events = follow(url);
      await postJSON(`${url}/session/${session.id}/prompt_async`, say("Do it"));
      await model.received(requests);
      await events.until(
        ({ type, properties }) => type === "message.part.delta" && "delta" in properties && properties.delta === "working",
      );
      first.kill("SIGKILL");
      await first.exited;
      return session;
    },
    messages: (url, session) => getJSON(`${url}/session/${session.id}/message`),
  });
}

export const idle = async (url: string) => {
  using events = follow(url, { after: "0" });
  await events.until(({ type }) => type === "session.idle");
};
export const texts = (messages: MessageWithParts[]) =>
  messages.flatMap(({ parts }) => parts).flatMap((part) => (part.type === "text" ? [part.text] : []));
