import { stripVTControlCharacters } from "node:util";
import type {
  AssistantMessage,
  Event,
  Part,
  PermissionRequest,
  QuestionRequest,
  Session,
  TextPart,
  ToolPart,
  UserMessage,
} from "../../src/client/client.ts";
import { initialState, reduce, type State } from "../../src/terminal/state.ts";
import { createTheme } from "../../src/terminal/theme.ts";
import { screen } from "../../src/terminal/view/screen.ts";

export const sessionID = "ses_1";

export const session = (change: Partial<Session> = {}): Session => ({
  id: sessionID,
  slug: "jar",
  projectID: "project",
  directory: "/work",
  title: "A jar",
  version: "1",
  time: { created: 1, updated: 1 },
  ...change,
});

export const user = (id: string): UserMessage => ({
  id,
  sessionID,
  role: "user",
  time: { created: 1 },
  agent: "build",
  model: { providerID: "mock", modelID: "mock-1" },
});

export const assistant = (id: string, change: Partial<AssistantMessage> = {}): AssistantMessage => ({
  id,
  sessionID,
  role: "assistant",
  time: { created: 1_000 },
  parentID: "msg_1",
  modelID: "mock-1",
  providerID: "mock",
  mode: "build",
  agent: "build",
  path: { cwd: "/work", root: "/work" },
  cost: 0,
  tokens: { input: 0, output: 0, reasoning: 0, cache: { read: 0, write: 0 } },
  ...change,
});

export const text = (messageID: string, words: string, id = `prt_${messageID}`): TextPart => ({
  id,
  sessionID,
  messageID,
  type: "text",
  text: words,
});

export const tool = (messageID: string, state: ToolPart["state"], name = "bash"): ToolPart => ({
  id: "prt_tool",
  sessionID,
  messageID,
  type: "tool",
  callID: "call",
  tool: name,
  state,
});

export const permission = (change: Partial<PermissionRequest> = {}): PermissionRequest => ({
  id: "per_1",
  sessionID,
  permission: "bash",
  patterns: ["npm test"],
  metadata: { command: "npm test" },
  always: ["npm *"],
  ...change,
});

export const question = (questions: QuestionRequest["questions"]): QuestionRequest => ({ id: "que_1", sessionID, questions });

/** An event, without the id that the log gives it. */
export function event<Type extends Event["type"]>(type: Type, properties: Extract<Event, { type: Type }>["properties"]): Event {
  return { id: "evt_1", type, properties } as Event;
}

/** The parts of a message, each told. */
export const says = (info: UserMessage | AssistantMessage, ...parts: Part[]): Event[] => [
  event("message.updated", { sessionID, info }),
  ...parts.map((part) => event("message.part.updated", { sessionID, part, time: 1 })),
];

/** A terminal of that size that shows an empty session, after these events. */
export function stateAfter(events: Event[], size = { columns: 60, rows: 24 }): State {
  const conversation = { session: session(), family: [sessionID], entries: [], todos: [], permissions: [], questions: [] };
  const shown = reduce(initialState({ url: "http://h:1", size }), {
    type: "loaded",
    conversation: { ...conversation, status: { type: "idle" } },
  });
  return hearAll(reduce(shown, { type: "connection", connection: { state: "open" } }), events);
}

export const hearAll = (state: State, events: Event[]): State =>
  events.reduce((before, one) => reduce(before, { type: "event", event: one }), state);

export const theme = createTheme(true);

/** The rows of the screen, styled. */
export function rows(state: State): string[] {
  const { header, body, footer } = screen(state, theme);
  return [header, ...body, ...footer];
}

/** What a person reads on the screen. */
export const plain = (state: State): string =>
  rows(state)
    .map((row) => stripVTControlCharacters(row).trimEnd())
    .join("\n");
