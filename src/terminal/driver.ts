import type { Client, Event } from "../client/client.ts";
import { type CommandContext, runCommand } from "./commands.ts";
import { answerControl } from "./control.ts";
import { openAsk } from "./conversation.ts";
import { insert } from "./editor.ts";
import { reasonOf } from "./fault.ts";
import { createFollowing } from "./follow.ts";
import type { Key } from "./key.ts";
import { type KeyContext, press } from "./press.ts";
import { initialState, type State, type Toast } from "./state.ts";
import { createStore, type Store } from "./store.ts";
import { createSubmit } from "./submit.ts";

export interface DriverOptions {
  client: Client;
  /** As it is shown. */
  url: string;
  size: State["size"];
  sessionID?: string;
  choice?: State["choice"];
  /** Lines of the transcript, lines of it that fit, and the first that is seen. */
  measure(state: State): { total: number; height: number; top: number };
}

/** The terminal client without its terminal: keys go in, the state comes out. */
export interface Driver extends AsyncDisposable {
  store: Store;
  press(key: Key): void;
  paste(text: string): void;
  /** Runs a command by its name; what goes wrong is shown. */
  execute(command: string): Promise<void>;
  /** Resolves when the person leaves. */
  left: Promise<void>;
}

/** Milliseconds. */
const toastDuration = 5_000;

/** Follows the server at once, until it is disposed. */
export function createDriver({ client, url, size, choice, measure, ...options }: DriverOptions): Driver {
  const ends = new AbortController();
  const { promise: left, resolve: leave } = Promise.withResolvers<void>();
  const store = createStore({ ...initialState({ url, size }), choice: choice ?? {} });
  const following = createFollowing({ client, store, sessionID: options.sessionID, hear, signal: ends.signal });
  const notice = createNotices(store);

  const shown = (work: Promise<unknown>): Promise<void> =>
    work.then(
      () => undefined,
      (error: unknown) => notice({ message: reasonOf(error), variant: "error" }),
    );
  const run = (command: string): Promise<void> => runCommand(command, commandContext);
  const execute = (command: string): Promise<void> => shown(run(command));
  const select = (sessionID: string): Promise<void> => following.open(sessionID);
  const submit = createSubmit({ client, store, following, execute: run });
  const commandContext: CommandContext = { client, store, following, submit, scroll, leave };
  const keyContext: KeyContext = { client, store, execute, select, shown };

  function hear(event: Event): void {
    // Another server may be there now, or the same with another configuration.
    if (event.type === "server.connected") void shown(loadCatalogue(client, store));
    if (event.type === "tui.toast.show") notice(event.properties, event.properties.duration);
    if (event.type === "tui.command.execute") void execute(event.properties.command);
    if (event.type === "tui.session.select") void select(event.properties.sessionID);
    if (event.type === "session.error" && event.properties.sessionID === following.sessionID()) {
      const { error } = event.properties;
      if (error && error.name !== "MessageAbortedError") notice({ message: String(error.data.message ?? error.name), variant: "error" });
    }
  }

  function scroll({ lines = 0, pages = 0, to }: Parameters<CommandContext["scroll"]>[0]): void {
    const { total, height, top } = measure(store.state());
    const last = Math.max(0, total - height);
    const wanted = to === "first" ? 0 : to === "last" ? last : top + lines + Math.trunc(pages * (height - 1));
    store.dispatch({ type: "scroll", top: wanted >= last ? undefined : Math.max(0, wanted) });
  }

  const working = [following.run(), answerControl({ client, store, execute: run, select, signal: ends.signal })];
  return {
    store,
    left,
    execute,
    press: (key) => press(key, keyContext),
    paste(text) {
      // What is pasted answers nothing.
      if (openAsk(store.state().conversation) || store.state().picker) return;
      store.dispatch({ type: "editor", editor: insert(store.state().editor, text.replace(/\r\n?/g, "\n")) });
    },
    async [Symbol.asyncDispose]() {
      ends.abort();
      notice.end();
      await Promise.all(working);
    },
  };
}

/** Shows a notice for a while; `end` forgets the one that is shown. */
function createNotices(store: Store): { (toast: Toast, duration?: number): void; end(): void } {
  let timer: NodeJS.Timeout | undefined;
  const notice = (toast: Toast, duration = toastDuration) => {
    clearTimeout(timer);
    store.dispatch({ type: "toast", toast });
    timer = setTimeout(() => store.dispatch({ type: "toast" }), duration);
  };
  return Object.assign(notice, { end: () => clearTimeout(timer) });
}

async function loadCatalogue({ api }: Client, store: Store): Promise<void> {
  const [commands, agents, { providers }, { model }] = await Promise.all([
    api.command.list.query(),
    api.agent.list.query(),
    api.config.providers.query(),
    api.config.get.query(),
  ]);
  store.dispatch({ type: "catalogue", catalogue: { commands, agents, providers, model } });
}
