import type { Client } from "../client/client.ts";
import { type Answer, answerKey, type Draft, isQuestion } from "./asking.ts";
import { openAsk } from "./conversation.ts";
import { setText } from "./editor.ts";
import type { Key } from "./key.ts";
import { chosen, narrow, type Picker, step } from "./picker.ts";
import { suggestions } from "./slash.ts";
import type { Store } from "./store.ts";
import { edit } from "./typing.ts";

type Ask = NonNullable<ReturnType<typeof openAsk>>;

export interface KeyContext {
  client: Client;
  store: Store;
  /** Runs a command by its name; what goes wrong is shown. */
  execute(command: string): Promise<void>;
  select(sessionID: string): Promise<void>;
  /** Shows what goes wrong. */
  shown(work: Promise<unknown>): Promise<void>;
}

/** What a key does: it goes to the open list, else to what is asked, else to the prompt. */
export function press(key: Key, context: KeyContext): void {
  const { picker, conversation, draft } = context.store.state();
  const ask = openAsk(conversation);
  const global = everywhere(key);
  if (key.ctrl && key.text === "c") interrupt(context);
  else if (global !== undefined) void context.execute(global);
  else if (picker) pickerKey(key, picker, context);
  else if (ask && draft) askKey(key, { ask, draft }, context);
  else promptKey(key, context);
}

function askKey(key: Key, { ask, draft }: { ask: Ask; draft: Draft }, { store, client, execute, shown }: KeyContext): void {
  if (key.name === "escape" && draft.words === undefined && !isQuestion(ask)) {
    void execute("session.interrupt");
    return;
  }
  const { draft: next, answer } = answerKey(draft, ask, key);
  store.dispatch({ type: "draft", draft: next });
  if (answer) void shown(send(answer, client));
}

function everywhere(key: Key): string | undefined {
  if (key.name === "pageup") return "session.page.up";
  if (key.name === "pagedown") return "session.page.down";
  if (key.ctrl && key.name === "home") return "session.first";
  if (key.ctrl && key.name === "end") return "session.last";
  return key.ctrl && key.text === "o" ? "tool.details" : undefined;
}

/** Ctrl-C closes what is open, then clears the prompt, then leaves. */
function interrupt({ store, execute }: KeyContext): void {
  const { picker, editor } = store.state();
  if (picker) store.dispatch({ type: "picker" });
  else if (editor.text !== "") void execute("prompt.clear");
  else void execute("app.exit");
}

function promptKey(key: Key, context: KeyContext): void {
  const { store, execute } = context;
  const { editor, conversation } = store.state();
  if (suggestionKey(key, context)) return;
  if (key.name === "enter") void execute("prompt.submit");
  else if (key.name === "tab") void execute(key.shift ? "agent.cycle.reverse" : "agent.cycle");
  else if (key.name === "escape" && conversation.status.type !== "idle") void execute("session.interrupt");
  else {
    const next = edit(editor, key);
    if (next) store.dispatch({ type: "editor", editor: next });
  }
}

/** While the name of a slash command is written: the arrows mark one, Tab completes it, Enter runs it. Whether the key was for that. */
function suggestionKey({ name }: Key, { store, execute }: KeyContext): boolean {
  const { editor, suggestion } = store.state();
  const found = suggestions(store.state());
  const marked = found[suggestion];
  if (marked === undefined) return false;
  if (name === "up" || name === "down") {
    store.dispatch({ type: "suggestion", index: (suggestion + (name === "up" ? -1 : 1) + found.length) % found.length });
    return true;
  }
  const isNamed = editor.text === `/${marked.name}`;
  if (name !== "tab" && (name !== "enter" || isNamed)) return false;
  const runs = name === "enter" && marked.own !== undefined;
  store.dispatch({ type: "editor", editor: setText(editor, runs ? `/${marked.name}` : `/${marked.name} `) });
  if (runs) void execute("prompt.submit");
  return true;
}

function pickerKey(key: Key, picker: Picker, context: KeyContext): void {
  const show = (next?: Picker) => context.store.dispatch({ type: "picker", picker: next });
  if (key.name === "escape") show();
  else if (key.name === "up" || key.name === "down") show(step(picker, key.name === "up" ? -1 : 1));
  else if (key.name === "enter") {
    const item = chosen(picker);
    show();
    if (item) choose(picker, item.value, context);
  } else if (key.name !== "newline") {
    const filter = edit(picker.filter, key);
    if (filter) show(narrow(picker, filter));
  }
}

function choose({ kind }: Picker, value: string, { store, select, shown }: KeyContext): void {
  if (kind === "sessions") void shown(select(value));
  if (kind === "agents") store.dispatch({ type: "choice", choice: { agent: value } });
  if (kind === "help" && value !== "") store.dispatch({ type: "editor", editor: setText(store.state().editor, value) });
  if (kind !== "models") return;
  const [providerID = "", ...modelID] = value.split("/");
  store.dispatch({ type: "choice", choice: { model: { providerID, modelID: modelID.join("/") } } });
}

async function send(answer: Answer, { api }: Client): Promise<void> {
  const { requestID } = answer;
  if (answer.type === "permission") await api.permission.reply.mutate({ requestID, reply: answer.reply, message: answer.message });
  if (answer.type === "question") await api.question.reply.mutate({ requestID, answers: answer.answers });
  if (answer.type === "dismiss") await api.question.reject.mutate({ requestID });
}
