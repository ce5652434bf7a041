import type { Client } from "../client/client.ts";
import { standing } from "./conversation.ts";
import { setText } from "./editor.ts";
import type { Following } from "./follow.ts";
import { agentItems, helpItems, modelItems, sessionItems } from "./items.ts";
import { openPicker } from "./picker.ts";
import { promptText } from "./state.ts";
import type { Store } from "./store.ts";
import { agentName, modelName, primaryAgents } from "./usage.ts";

export interface CommandContext {
  client: Client;
  store: Store;
  following: Following;
  submit(): Promise<void>;
  /** Scrolls the transcript: by lines, pages of it, or to an end. */
  scroll(by: { lines?: number; pages?: number; to?: "first" | "last" }): void;
  leave(): void;
}

/** Runs a command by the name that terminal clients know it by. Throws Error that says why it cannot. */
export async function runCommand(name: string, context: CommandContext): Promise<void> {
  const known = [name, name.replaceAll("_", ".")].find((one) => Object.hasOwn(commands, one));
  const command = known === undefined ? undefined : commands[known];
  if (command === undefined) throw new Error(`This terminal client has no ${name}.`);
  await command(context);
}

const commands: Record<string, (context: CommandContext) => unknown> = {
  "prompt.submit": ({ submit }) => submit(),
  "prompt.clear": ({ store }) => store.dispatch({ type: "editor", editor: setText(store.state().editor, "") }),
  "session.new": ({ following }) => following.open(undefined),
  "session.interrupt": async ({ client, ...rest }) => client.api.session.abort.mutate({ sessionID: current(rest) }),
  "session.list": async ({ client, store }) => {
    const sessions = await client.api.session.list.query({ roots: true, limit: 100 });
    pick(store, openPicker("sessions", "Sessions", sessionItems(sessions)));
  },
  "model.list": ({ store }) => pick(store, openPicker("models", "Models", modelItems(store.state().catalogue))),
  "agent.list": ({ store }) => pick(store, openPicker("agents", "Agents", agentItems(store.state().catalogue))),
  "help.show": ({ store }) => pick(store, openPicker("help", "Help", helpItems(store.state().catalogue))),
  "command.list": ({ store }) => store.dispatch({ type: "editor", editor: setText(store.state().editor, "/") }),
  "agent.cycle": ({ store }) => cycleAgent(store, 1),
  "agent.cycle.reverse": ({ store }) => cycleAgent(store, -1),
  "session.undo": undo,
  "session.redo": redo,
  "session.compact": async ({ client, store, ...rest }) => {
    const [providerID = "", ...model] = (modelName(store.state()) ?? "").split("/");
    if (providerID === "") throw new Error("Choose a model first: /models.");
    await client.api.session.summarize.mutate({ sessionID: current(rest), providerID, modelID: model.join("/") });
  },
  "session.share": async ({ client, store, ...rest }) => {
    const { share } = await client.api.session.share.mutate({ sessionID: current(rest) });
    store.dispatch({ type: "toast", toast: { title: "Shared", message: share?.url ?? "", variant: "success" } });
  },
  "session.unshare": async ({ client, ...rest }) => client.api.session.unshare.mutate({ sessionID: current(rest) }),
  "session.fork": async ({ client, following }) => {
    const { id } = await client.api.session.fork.mutate({ sessionID: current({ following }) });
    await following.open(id);
  },
  "session.parent": async ({ following, store }) => {
    const parent = store.state().conversation.session?.parentID;
    if (parent !== undefined) await following.open(parent);
  },
  "session.child.next": async ({ following, store }) => {
    const child = store.state().conversation.family[1];
    if (child !== undefined) await following.open(child);
  },
  "session.page.up": ({ scroll }) => scroll({ pages: -1 }),
  "session.page.down": ({ scroll }) => scroll({ pages: 1 }),
  "session.half.page.up": ({ scroll }) => scroll({ pages: -0.5 }),
  "session.half.page.down": ({ scroll }) => scroll({ pages: 0.5 }),
  "session.line.up": ({ scroll }) => scroll({ lines: -1 }),
  "session.line.down": ({ scroll }) => scroll({ lines: 1 }),
  "session.first": ({ scroll }) => scroll({ to: "first" }),
  "session.last": ({ scroll }) => scroll({ to: "last" }),
  "tool.details": ({ store }) => store.dispatch({ type: "details" }),
  "app.exit": ({ leave }) => leave(),
};

function current({ following }: Pick<CommandContext, "following">): string {
  const sessionID = following.sessionID();
  if (sessionID === undefined) throw new Error("There is no session yet: write a prompt, or choose one with /sessions.");
  return sessionID;
}

const pick = (store: Store, picker: ReturnType<typeof openPicker>): void => store.dispatch({ type: "picker", picker });

function cycleAgent(store: Store, by: 1 | -1): void {
  const names = primaryAgents(store.state().catalogue.agents).map(({ name }) => name);
  const at = names.indexOf(agentName(store.state()));
  const agent = names[(at + by + names.length) % names.length];
  if (agent !== undefined) store.dispatch({ type: "choice", choice: { agent } });
}

/** The last prompt that still stands, and what came of it; its text comes back to be written anew. */
async function undo({ client, store, ...rest }: CommandContext): Promise<void> {
  const sessionID = current(rest);
  const last = standing(store.state().conversation).findLast(({ info }) => info.role === "user");
  if (last === undefined) throw new Error("There is nothing to undo.");
  if (store.state().conversation.status.type !== "idle") await client.api.session.abort.mutate({ sessionID });
  await client.api.session.revert.mutate({ sessionID, messageID: last.info.id });
  store.dispatch({ type: "editor", editor: setText(store.state().editor, promptText(last)) });
}

/** One prompt forward; from the last undone one to the end. */
async function redo({ client, store, ...rest }: CommandContext): Promise<void> {
  const sessionID = current(rest);
  const { session, entries } = store.state().conversation;
  if (session?.revert === undefined) throw new Error("There is nothing to redo.");
  const from = entries.findIndex(({ info }) => info.id === session.revert?.messageID);
  const next = entries.slice(from + 1).find(({ info }) => info.role === "user");
  if (next === undefined) await client.api.session.unrevert.mutate({ sessionID });
  else await client.api.session.revert.mutate({ sessionID, messageID: next.info.id });
  store.dispatch({ type: "editor", editor: setText(store.state().editor, next ? promptText(next) : "") });
}
