import type { Agent, Command, Event, Provider } from "../client/client.ts";
import { type Draft, emptyDraft } from "./asking.ts";
import { type Conversation, emptyConversation, hear, openAsk } from "./conversation.ts";
import { type Editor, emptyEditor, insert } from "./editor.ts";
import type { Picker } from "./picker.ts";

export interface Connection {
  state: "connecting" | "open" | "lost";
  /** Why, where that is known. */
  reason?: string;
}

export interface ModelChoice {
  providerID: string;
  modelID: string;
}

/** What the server offers. */
export interface Catalogue {
  commands: Command[];
  agents: Agent[];
  providers: Provider[];
  /** As `provider/model`, of the configuration. */
  model?: string;
}

export interface Toast {
  title?: string;
  message: string;
  variant: "info" | "success" | "warning" | "error";
}

/** All that is shown. Only `reduce` makes a new one. */
export interface State {
  url: string;
  size: { columns: number; rows: number };
  connection: Connection;
  conversation: Conversation;
  catalogue: Catalogue;
  /** What the next prompt is sent with; undefined: the server decides. */
  choice: { model?: ModelChoice; agent?: string };
  editor: Editor;
  /** Which of the slash commands that fit is marked. */
  suggestion: number;
  picker?: Picker;
  /** Of what is asked first. */
  draft?: Draft;
  toast?: Toast;
  /** The first line of the transcript that is seen; undefined: its end is. */
  top?: number;
  /** Whole outputs of tools and whole thoughts. */
  details: boolean;
}

export type Action =
  | { type: "event"; event: Event }
  /** The session as the server has it, before events go on. */
  | { type: "loaded"; conversation: Conversation }
  | { type: "catalogue"; catalogue: Catalogue }
  | { type: "connection"; connection: Connection }
  | { type: "size"; size: State["size"] }
  | { type: "choice"; choice: State["choice"] }
  | { type: "editor"; editor: Editor }
  | { type: "suggestion"; index: number }
  | { type: "picker"; picker?: Picker }
  | { type: "draft"; draft: Draft }
  | { type: "toast"; toast?: Toast }
  | { type: "scroll"; top?: number }
  | { type: "details" };

export const initialState = ({ url, size }: Pick<State, "url" | "size">): State => ({
  url,
  size,
  connection: { state: "connecting" },
  conversation: emptyConversation,
  catalogue: { commands: [], agents: [], providers: [] },
  choice: {},
  editor: emptyEditor(),
  suggestion: 0,
  details: false,
});

export function reduce(state: State, action: Action): State {
  switch (action.type) {
    case "event":
      return hearAll(state, action.event);
    case "loaded":
      return load(state, action.conversation);
    case "editor":
      return { ...state, editor: action.editor, suggestion: action.editor.text === state.editor.text ? state.suggestion : 0 };
    case "suggestion":
      return { ...state, suggestion: action.index };
    case "picker":
      return { ...state, picker: action.picker };
    case "draft":
      return { ...state, draft: action.draft };
    case "toast":
      return { ...state, toast: action.toast };
    case "scroll":
      return { ...state, top: action.top };
    case "details":
      return { ...state, details: !state.details };
    case "choice":
      return { ...state, choice: { ...state.choice, ...action.choice } };
    case "catalogue":
      return { ...state, catalogue: action.catalogue };
    case "connection":
      return { ...state, connection: action.connection };
    case "size":
      return { ...state, size: action.size, top: undefined };
  }
}

function hearAll(state: State, event: Event): State {
  if (event.type === "tui.prompt.append") return { ...state, editor: insert(state.editor, event.properties.text), suggestion: 0 };
  if (event.type === "tui.toast.show") return { ...state, toast: event.properties };
  const conversation = hear(state.conversation, event);
  return withDraft(conversation === state.conversation ? state : { ...state, conversation });
}

/** What was typed of an answer belongs to one request. */
function withDraft(state: State): State {
  const ask = openAsk(state.conversation);
  if (ask?.id === state.draft?.requestID) return state;
  return { ...state, draft: ask && emptyDraft(ask.id) };
}

/** Another session brings its own history and begins at its end; after a lost connection it says what came meanwhile. */
function load(state: State, conversation: Conversation): State {
  const before = state.conversation;
  const next = withDraft({ ...state, conversation });
  const isSame = before.session !== undefined && before.session.id === conversation.session?.id;
  if (!isSame) return { ...next, top: undefined, editor: { ...state.editor, history: prompts(conversation), recalled: undefined } };
  if (state.connection.state !== "lost") return next;
  const known = new Set(before.entries.map(({ info }) => info.id));
  const missed = conversation.entries.filter(({ info }) => !known.has(info.id)).length;
  const meanwhile = missed === 0 ? "" : missed === 1 ? " One message came meanwhile." : ` ${missed} messages came meanwhile.`;
  return { ...next, toast: { message: `Connected again.${meanwhile}`, variant: "success" } };
}

function prompts({ entries }: Conversation): string[] {
  return entries.filter(({ info }) => info.role === "user").flatMap((entry) => promptText(entry) || []);
}

/** What a person wrote of a message. */
export function promptText({ parts }: Conversation["entries"][number]): string {
  return parts.flatMap((part) => (part.type === "text" && !part.synthetic ? part.text : [])).join("\n");
}
