import type { EventLog, EventScope } from "../event/log.ts";
import { shuttingDown } from "../schema/error.ts";
import type { TuiDialog, TuiEvent, TuiRequest, TuiToast } from "../schema/tui.ts";
import { dialogs, knownCommand } from "./commands.ts";
import { type ControlQueue, createControlQueue } from "./control.ts";

/**
 * Driving terminal clients. What they are told is an event to all that follow the directory, whether or not one does; what they are
 * asked (`ask`) is handed to the one that fetches it (`next`) and answered by it (`respond`).
 */
export interface TuiService extends AsyncDisposable {
  /** Throws NotFoundError for a session that is to be selected and does not exist. */
  publish(event: TuiEvent, scope: EventScope): Promise<void>;
  /** Throws BadRequest for a command that terminal clients do not know. */
  execute(command: string, scope: EventScope): void;
  open(dialog: TuiDialog, scope: EventScope): void;
  append(text: string, scope: EventScope): void;
  /** What stands in the prompt gives way to the text. */
  replace(text: string, scope: EventScope): void;
  toast(toast: TuiToast, scope: EventScope): void;
  /** Resolves with what the terminal client of the directory responds. Rejects with the signal's reason; the request is then withdrawn. */
  ask(request: TuiRequest, place: { directory: string; signal?: AbortSignal }): Promise<unknown>;
  /** Waits, for ever if need be, for the next request; each is handed out once. Rejects with the signal's reason. */
  next(place: { directory: string; signal?: AbortSignal }): Promise<TuiRequest>;
  respond(directory: string, response: unknown): void;
}

export interface TuiOptions {
  log: Pick<EventLog, "publish">;
  /** Throws NotFoundError for an unknown session. */
  requireSession(id: string): Promise<unknown>;
}

/** Milliseconds. */
const toastDuration = 5_000;

/** Disposing it ends whatever waits. */
export function createTui({ log, requireSession }: TuiOptions): TuiService {
  const queues = new Map<string, ControlQueue>();
  const closing = new AbortController();
  const untilClosed = (signal?: AbortSignal) => (signal ? AbortSignal.any([signal, closing.signal]) : closing.signal);

  function queueOf(directory: string): ControlQueue {
    const queue = queues.get(directory) ?? createControlQueue();
    queues.set(directory, queue);
    return queue;
  }

  const command = (name: string, scope: EventScope) => log.publish({ type: "tui.command.execute", properties: { command: name } }, scope);
  const append = (text: string, scope: EventScope) => log.publish({ type: "tui.prompt.append", properties: { text } }, scope);
  const toast = (shown: TuiToast, scope: EventScope) =>
    log.publish({ type: "tui.toast.show", properties: { ...shown, duration: shown.duration ?? toastDuration } }, scope);

  return {
    async publish(event, scope) {
      if (event.type === "tui.session.select") await requireSession(event.properties.sessionID);
      if (event.type === "tui.toast.show") toast(event.properties, scope);
      else log.publish(event, scope);
    },
    execute: (name, scope) => command(knownCommand(name), scope),
    open: (dialog, scope) => command(dialogs[dialog], scope),
    append,
    replace(text, scope) {
      command("prompt.clear", scope);
      append(text, scope);
    },
    toast,
    ask: (request, { directory, signal }) => queueOf(directory).ask(request, untilClosed(signal)),
    next: ({ directory, signal }) => queueOf(directory).next(untilClosed(signal)),
    respond: (directory, response) => queueOf(directory).respond(response),
    async [Symbol.asyncDispose]() {
      closing.abort(shuttingDown());
    },
  };
}
