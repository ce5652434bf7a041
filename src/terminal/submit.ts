import type { Client } from "../client/client.ts";
import { sent, setText } from "./editor.ts";
import type { Following } from "./follow.ts";
import { readSlash } from "./slash.ts";
import type { State } from "./state.ts";
import type { Store } from "./store.ts";
import { agentName } from "./usage.ts";

export interface SubmitContext {
  client: Client;
  store: Store;
  following: Following;
  execute(command: string): Promise<void>;
}

/** Does what is written: a slash command, a `!` shell command, or a prompt. Resolves when the server has it. What is refused comes back to the prompt. */
export async function submit(context: SubmitContext): Promise<void> {
  const { store } = context;
  const { editor } = store.state();
  const text = editor.text.trim();
  if (text === "") return;
  const slash = readSlash(text, store.state().catalogue);
  if (slash === undefined && /^\/[\w-]+$/.test(text)) throw new Error(`There is no command ${text}; / lists them.`);
  store.dispatch({ type: "editor", editor: sent(editor) });
  store.dispatch({ type: "scroll" });
  try {
    if (slash?.command.own !== undefined) await context.execute(slash.command.own);
    else await send(text, slash, context);
  } catch (error) {
    if (store.state().editor.text === "") store.dispatch({ type: "editor", editor: setText(store.state().editor, editor.text) });
    throw error;
  }
}

async function send(text: string, slash: ReturnType<typeof readSlash>, { client, store, following }: SubmitContext): Promise<void> {
  const { choice } = store.state();
  const sessionID = following.sessionID() ?? (await begin(client, following));
  if (slash !== undefined) {
    const model = choice.model && `${choice.model.providerID}/${choice.model.modelID}`;
    const { name: command } = slash.command;
    await client.api.session.command.mutate({ sessionID, command, arguments: slash.words, agent: choice.agent, model });
  } else if (text.startsWith("!")) {
    await client.api.session.shell.mutate({
      sessionID,
      command: text.slice(1).trim(),
      agent: agentName(store.state()),
      ...withModel(choice),
    });
  } else {
    await client.api.session.promptAsync.mutate({ sessionID, agent: choice.agent, ...withModel(choice), parts: [{ type: "text", text }] });
  }
}

const withModel = ({ model }: State["choice"]): { model?: State["choice"]["model"] } => (model === undefined ? {} : { model });

async function begin({ api }: Client, following: Following): Promise<string> {
  const { id } = await api.session.create.mutate({});
  // It is shown when it is loaded; what happens meanwhile comes after.
  void following.open(id);
  return id;
}
