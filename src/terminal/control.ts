import type { Client } from "../client/client.ts";
import { reasonOf } from "./fault.ts";
import type { State } from "./state.ts";
import type { Store } from "./store.ts";
import { agentName, modelName } from "./usage.ts";

export interface ControlContext {
  client: Client;
  store: Store;
  execute(command: string): Promise<void>;
  select(sessionID: string): Promise<void>;
  signal: AbortSignal;
}

type Body = Record<string, unknown>;

/** Before the queue of a server that cannot be reached is asked again, in ms. */
const pause = 1_000;

/** Answers what programs ask of this terminal client (`POST /tui/control`), one after the other, until the signal aborts. */
export async function answerControl(context: ControlContext): Promise<void> {
  const { client, signal } = context;
  while (!signal.aborted) {
    try {
      const request = await client.api.tui.next.query(undefined, { signal });
      const response = await respond(request.path, request.body, context).catch((error: unknown) => ({ error: reasonOf(error) }));
      await client.api.tui.respond.mutate({ response });
    } catch {
      // The connection is lost, which the status line tells; the queue is asked again.
      if (!signal.aborted) await new Promise((resolve) => setTimeout(resolve, pause).unref());
    }
  }
}

async function respond(path: string, body: unknown, context: ControlContext): Promise<unknown> {
  const answer = Object.hasOwn(answers, path) ? answers[path] : undefined;
  if (answer === undefined) throw new Error(`This terminal client answers ${Object.keys(answers).join(", ")}, not ${path}.`);
  return answer(context, typeof body === "object" && body !== null ? { ...body } : {});
}

const done =
  (run: (context: ControlContext, body: Body) => unknown) =>
  async (context: ControlContext, body: Body): Promise<true> => {
    await run(context, body);
    return true;
  };

const executing = (command: string) => done(({ execute }) => execute(command));

const answers: Record<string, (context: ControlContext, body: Body) => unknown> = {
  "/state": ({ store }) => stateOf(store.state()),
  "/tui/append-prompt": done(({ store }, body) =>
    store.dispatch({ type: "event", event: { type: "tui.prompt.append", properties: { text: text(body, "text") } } }),
  ),
  "/tui/submit-prompt": executing("prompt.submit"),
  "/tui/clear-prompt": executing("prompt.clear"),
  "/tui/open-help": executing("help.show"),
  "/tui/open-sessions": executing("session.list"),
  "/tui/open-models": executing("model.list"),
  "/tui/execute-command": done(({ execute }, body) => execute(text(body, "command"))),
  "/tui/select-session": done(({ select }, body) => select(text(body, "sessionID"))),
  "/tui/show-toast": done(({ store }, body) =>
    store.dispatch({ type: "toast", toast: { message: text(body, "message"), variant: "info" } }),
  ),
};

function text(body: Body, name: string): string {
  const value = body[name];
  if (typeof value !== "string") throw new Error(`${name} is missing in the body.`);
  return value;
}

/** What a person sees, for a program that wants to know. */
function stateOf(state: State): Record<string, unknown> {
  const { conversation, editor, picker, connection } = state;
  return {
    sessionID: conversation.session?.id,
    prompt: editor.text,
    dialog: picker?.kind,
    status: conversation.status.type,
    agent: agentName(state),
    model: modelName(state),
    connection: connection.state,
  };
}
