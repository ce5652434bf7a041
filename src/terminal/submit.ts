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

/** What does what is written: a slash command, a `!` shell command, or a prompt. Resolves when the server has it. What is refused comes back to the prompt. */
export function createSubmit(context: SubmitContext): () => Promise<void> {
  let beginning: Promise<string> | undefined;
  /** What is sent before the first prompt has its session goes there too. */
  async function session(): Promise<string> {
    const sessionID = context.following.sessionID();
    if (sessionID !== undefined) return sessionID;
    beginning ??= begin(context).finally(() => {
      beginning = undefined;
    });
    return beginning;
  }
  return () => submit(context, session);
}

async function submit(context: SubmitContext, session: () => Promise<string>): Promise<void> {
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
    else await send(text, slash, { ...context, session });
  } catch (error) {
    if (store.state().editor.text === "") store.dispatch({ type: "editor", editor: setText(store.state().editor, editor.text) });
    throw error;
  }
}

async function send(
  text: string,
  slash: ReturnType<typeof readSlash>,
  { client, store, session }: SubmitContext & { session(): Promise<string> },
): Promise<void> {
  const { choice } = store.state();
  const sessionID = await session();
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

async function begin({ client, following }: SubmitContext): Promise<string> {
  const { id } = await client.api.session.create.mutate({});
  // It is shown when it is loaded; what happens meanwhile comes after.
  void following.open(id);
  return id;
}
