import { type MockModel, mockModel } from "../../test/helpers/model.ts";
import { programWorkspace } from "../../test/helpers/program.ts";
import { follow, postJSON } from "../../test/helpers/server.ts";
import { longSession } from "./long-session.ts";

export const messages = 1_000;
export const lastWords = `Answer ${messages / 2}.`;

export interface Place extends AsyncDisposable {
  url: string;
  model: MockModel;
  /** Of `messages` messages. */
  longID: string;
  /** With a turn that was played here: it has events, a timeline and a changed file. */
  playedID: string;
}

/** The built server as a process of its own, over a store with a long session, thirty short ones, one that wrote a file and one that waits for an answer. */
export async function startPlace(): Promise<Place> {
  await using stack = new AsyncDisposableStack();
  const model = stack.use(await mockModel());
  const workspace = stack.use(
    await programWorkspace({ files: { "README.md": "# A project\n", "src/index.ts": "export const one = 1;\n" } }),
  );
  const config = { ...model.config(), permission: { bash: "ask" } };
  const program = await workspace.start(["serve", "--port", "0"], { env: { OPENCODE_CONFIG_CONTENT: JSON.stringify(config) } });
  const url = await program.listening();
  for (let index = 1; index <= 30; index += 1) await postJSON(`${url}/session/import`, longSession(`Short session ${index}`, 6));
  const { id: longID } = await postJSON<{ id: string }>(`${url}/session/import`, longSession("Long session", messages));
  const playedID = await play(url, model);
  await wait(url, model);
  const held = stack.move();
  return { url, model, longID, playedID, [Symbol.asyncDispose]: () => held.disposeAsync() };
}

const text = (said: string) => ({ parts: [{ type: "text", text: said }] });

async function play(url: string, model: MockModel): Promise<string> {
  model.calls([{ name: "write", input: { filePath: "answer.ts", content: "export const answer = 42;\n" } }]).text("It is **42**.");
  const { id } = await postJSON<{ id: string }>(`${url}/session`, { title: "The answer" });
  await postJSON(`${url}/session/${id}/message`, text("Write down the answer"));
  return id;
}

async function wait(url: string, model: MockModel): Promise<void> {
  using events = follow(url);
  model.calls([{ name: "bash", input: { command: "npm test", description: "Runs the tests" } }]);
  const { id } = await postJSON<{ id: string }>(`${url}/session`, { title: "Waiting" });
  await postJSON(`${url}/session/${id}/prompt_async`, text("Run the tests"));
  await events.until(({ type }) => type === "permission.asked");
}
