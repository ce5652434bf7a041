import type { Client } from "../client/client.ts";
import { type Answer, answerKey } from "./asking.ts";
import { openAsk } from "./conversation.ts";
import { setText } from "./editor.ts";
import type { Key } from "./key.ts";
import { chosen, narrow, type Picker, step } from "./picker.ts";
import { suggestions } from "./slash.ts";
import type { Store } from "./store.ts";
import { edit } from "./typing.ts";

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
  const { store } = context;
  const { picker, conversation, draft } = store.state();
  const global = everywhere(key);
  if (key.ctrl && key.text === "c") return interrupt(context);
  if (global !== undefined) return void context.execute(global);
  if (picker) return pickerKey(key, picker, context);
  const ask = openAsk(conversation);
  if (!ask || !draft) return promptKey(key, context);
  if (key.name === "escape" && draft.words === undefined && !("questions" in ask)) return void context.execute("session.interrupt");
  const { draft: next, answer } = answerKey(draft, ask, key);
  store.dispatch({ type: "draft", draft: next });
  if (answer) void context.shown(send(answer, context.client));
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
  const { editor, suggestion, conversation } = store.state();
  const found = suggestions(store.state());
  const marked = found[suggestion];
  if (found.length > 0 && (key.name === "up" || key.name === "down")) {
    const index = (suggestion + (key.name === "up" ? -1 : 1) + found.length) % found.length;
    return store.dispatch({ type: "suggestion", index });
  }
  if (marked && (key.name === "tab" || (key.name === "enter" && editor.text !== `/${marked.name}`))) {
    const isDone = key.name === "enter" && marked.own !== undefined;
    store.dispatch({ type: "editor", editor: setText(editor, isDone ? `/${marked.name}` : `/${marked.name} `) });
    return isDone ? void execute("prompt.submit") : undefined;
  }
  if (key.name === "enter") return void execute("prompt.submit");
  if (key.name === "tab") return void execute(key.shift ? "agent.cycle.reverse" : "agent.cycle");
  if (key.name === "escape" && conversation.status.type !== "idle") return void execute("session.interrupt");
  const next = edit(editor, key);
  if (next) store.dispatch({ type: "editor", editor: next });
}

function pickerKey(key: Key, picker: Picker, context: KeyContext): void {
  const { store } = context;
  const show = (next?: Picker) => store.dispatch({ type: "picker", picker: next });
  if (key.name === "escape") return show();
  if (key.name === "up" || key.name === "down") return show(step(picker, key.name === "up" ? -1 : 1));
  if (key.name === "enter") {
    const item = chosen(picker);
    show();
    if (item) choose(picker, item.value, context);
    return;
  }
  const filter = key.name === "newline" ? undefined : edit(picker.filter, key);
  if (filter) show(narrow(picker, filter));
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
