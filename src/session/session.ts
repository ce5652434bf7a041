import { countWaiting } from "../../db/queries/prompt.ts";
import { findSessions } from "../../db/queries/session.ts";
import type { Actor } from "../schema/audit.ts";
import type { BudgetChange, SessionBudget } from "../schema/budget.ts";
import type { ChatAnswer, ChatFrame, ChatHistory, ChatInput, ChatSession } from "../schema/chat.ts";
import type { ResumePolicy } from "../schema/config.ts";
import { shuttingDown } from "../schema/error.ts";
import type { FileUndo } from "../schema/file-undo.ts";
import { type Limits, limitsOf } from "../schema/limits.ts";
import type { AssistantMessage, ModelRef } from "../schema/message.ts";
import type { Overview } from "../schema/overview.ts";
import type { Part } from "../schema/part.ts";
import type { CommandInput, MessageWithParts, PromptInput, QueuedPrompt, ShellInput } from "../schema/prompt.ts";
import type { Retention } from "../schema/retention.ts";
import type { ToolAnswer, ToolListItem } from "../schema/service.ts";
import type { PermissionRuleset, Session, SessionStatus, SnapshotFileDiff, Todo } from "../schema/session.ts";
import type { BulkChange, BulkResult, SessionHits, SessionPage } from "../schema/session-list.ts";
import type { SessionExport } from "../schema/share.ts";
import type { Timeline } from "../schema/timeline.ts";
import type { AllQuery } from "./all.ts";
import { createBudgetCalls } from "./budget-calls.ts";
import { createBulk } from "./bulk.ts";
import { createCatalogue } from "./catalogue.ts";
import { createChat } from "./chat.ts";
import { createCommandCalls } from "./command.ts";
import { createDefaults } from "./default.ts";
import type { DiffQuery } from "./file-history.ts";
import { rememberFileTimes } from "./file-times.ts";
import { createForks } from "./fork.ts";
import { startHeartbeat } from "./heartbeat.ts";
import { createImports } from "./import.ts";
import { createLeases } from "./lease.ts";
import { createMessages } from "./messages.ts";
import type { SessionOptions } from "./options.ts";
import { createPrompts } from "./prompts.ts";
import { createRetention } from "./retention.ts";
import { createUndo } from "./revert.ts";
import { createRunner } from "./runner.ts";
import type { SearchQuery } from "./search.ts";
import { createShares, type ShareService } from "./share.ts";
import { createShell } from "./shell.ts";
import { createTasks } from "./task.ts";
import { createToolCalls } from "./tool-calls.ts";
import { createTurnSlots } from "./turn-slots.ts";
import type { FileUndoQuery } from "./undo-files.ts";
import { createViews } from "./views.ts";

export { isServerAlive, signOff } from "./lease.ts";

/**
 * Sessions: what is asked of them, and the one room that knows agent, store and log together. A prompt that was accepted
 * (`promptAsync` returned) is committed and will end, here or on another server that shares the file. Every method that takes an id
 * throws AppError NotFoundError for an unknown one.
 */
export interface SessionService extends ShareService, AsyncDisposable {
  /** `address`: as for `share`, used where the configuration says that new sessions are shared. */
  create(directory: string, input: SessionCreate, address?: string): Promise<Session>;
  /** Newest change first. */
  list(query: SessionQuery): Promise<Session[]>;
  get(id: string): Promise<Session>;
  update(id: string, change: SessionChange): Promise<Session>;
  /** Ends what runs in it and erases the session, its children and all their data. */
  remove(id: string): Promise<void>;
  children(id: string): Promise<Session[]>;
  /** The session that the id `default` stands for in the directory. `make`: one is made on first use; otherwise throws NotFoundError. */
  defaultOf(directory: string, options: { make: boolean }): Promise<string>;
  /** A copy, of what was said before the message if one is given (`src/session/fork.ts`). Throws NotFoundError for an unknown message. */
  fork(id: string, messageID?: string): Promise<Session>;
  /** A session of the directory from an export (`src/session/import.ts`). */
  import(directory: string, exported: SessionExport): Promise<Session>;
  /** Sessions that are not idle, of one directory if given. */
  status(directory?: string): Promise<Record<string, SessionStatus>>;
  /** What goes on in all directories: in each list of `within` one must be or hold it. At least the `limit` newest sessions, if there are so many. */
  overview(query: { within: readonly (readonly string[])[]; limit: number }): Promise<Overview>;
  /** The sessions of all directories with what they are doing, latest change first. Throws BadRequest for a bad cursor. */
  all(query: AllQuery): Promise<SessionPage>;
  /** Where words are in titles and texts, newest first. Throws BadRequest for a bad cursor, or when there is nothing to look for. */
  search(query: SearchQuery): Promise<SessionHits>;
  /** Does the same to each of the sessions, and says of each what came of it. */
  bulk(ids: string[], change: BulkChange): Promise<BulkResult[]>;
  /** Deletes sessions with their children that were not changed for longer than they are kept, and puts it on record; resolves with their ids. */
  prune(policy: Retention, options?: PruneOptions): Promise<string[]>;
  /** Goes on with deletions that a server began and did not end. */
  finishRemovals(): Promise<void>;
  /** When what happened in the newest turns before a prompt, or in the turn of one. Throws NotFoundError for what is no prompt of the session. */
  timeline(id: string, query: { limit: number; before?: string; messageID?: string }): Promise<Timeline>;
  todo(id: string): Promise<Todo[]>;
  /** Ends the running turn (and those of child sessions) and the prompts queued behind it. True whether or not one ran. */
  abort(id: string): Promise<boolean>;
  /** Ends what this server runs in the sessions of a directory, as `abort` does; what other servers run there goes on. */
  stopIn(directory: string): Promise<void>;
  /** Resolves when every turn that this server runs now is over. */
  settled(): Promise<void>;
  /** Accepts the prompt (`queue` says what becomes of it when the session is busy: see QueuePolicy) and resolves with the last message of its turn, or with the user message for `noReply`. A signal that aborts stops the waiting, not the turn. */
  prompt(id: string, input: Sent<PromptInput>, signal?: AbortSignal): Promise<MessageWithParts>;
  promptAsync(id: string, input: Sent<PromptInput>): Promise<void>;
  /** Replaces the conversation by a handover, as the model is to see it; resolves when it is written. False when somebody aborted it before that. Throws ServiceUnavailableError when the model wrote none. */
  summarize(id: string, model: ModelRef, signal?: AbortSignal): Promise<boolean>;
  /** Takes care of what dead servers left. To be called once the server is sure to stay; afterwards it happens by the clock. `resume`: what becomes of turns they had started; `off` unless told. `limits`: what is done at most at a time. */
  recover(options?: { resume?: ResumePolicy; limits?: Partial<Limits> }): Promise<void>;
  /** How many turns this server runs now, and how many wait for their place. */
  turns(): { running: number; waiting: number };
  /** How many prompts were accepted, here or on another server, and not taken up. */
  waitingPrompts(): Promise<number>;
  /** What the session, its project and this day have used, and what their caps leave. */
  budget(id: string): Promise<SessionBudget>;
  /** Sets the cap of the session (of its root, for a child). What waited for it runs, if there is room now. */
  setBudget(id: string, change: BudgetChange): Promise<SessionBudget>;
  /** Runs a slash command as a prompt. Throws NotFoundError for an unknown one, and what a prompt throws. */
  command(id: string, input: SentCommand, signal?: AbortSignal): Promise<CommandAnswer>;
  /** Runs the command `init`; resolves when it has ended. */
  init(id: string, input: { messageID: string; providerID: string; modelID: string }, signal?: AbortSignal): Promise<void>;
  /** Runs a command of the shell without a model; resolves with the message that holds its output. Throws SessionBusyError. */
  shell(id: string, input: Sent<ShellInput>): Promise<MessageWithParts>;
  /**
   * Sends a message, to a new session of the directory unless the input names one, and resolves with what came of it. Throws what a prompt
   * throws; a session that was made for a message that is refused does not stay.
   */
  chat(directory: string, input: Sent<ChatInput>, signal?: AbortSignal): Promise<ChatAnswer>;
  /**
   * As `chat`, but resolves when the message is accepted. The frames end with `done`, or quietly when the signal aborts; whoever stops
   * reading them stops the following, not the turn.
   */
  chatStream(directory: string, input: Sent<ChatInput>, signal?: AbortSignal): Promise<AsyncGenerator<ChatFrame>>;
  /** The sessions of a directory that are not archived and no children, with what they are doing; newest change first. */
  active(directory: string): Promise<ChatSession[]>;
  /** A session with what it is doing and its messages, oldest first. */
  history(id: string): Promise<ChatHistory>;
  /** The names of all tools of the directory, those of its MCP servers too. */
  toolIDs(directory: string): Promise<string[]>;
  /** The tools that the directory's default agent is offered; none for a model that is known to call no tools. */
  tools(directory: string, model?: ModelRef): Promise<ToolListItem[]>;
  /**
   * Runs one tool as the agent would, under the same permissions: in the session, or else in a session of the directory that is kept for such
   * calls and free. It leaves a message with the call. A signal that aborts ends the call. Throws NotFoundError (no such tool), PermissionRejectedError,
   * SessionBusyError, BadRequest (an input that does not fit), and what the tool throws.
   */
  callTool(place: { directory: string; sessionID?: string }, call: ToolCall, signal?: AbortSignal): Promise<ToolAnswer>;
  /** The prompts that wait and no turn has taken yet, in their order. */
  queue(id: string): Promise<QueuedPrompt[]>;
  /** Takes a waiting prompt back: its message is removed. Throws NotFoundError for one that never waited, ConflictError for one that was taken up. */
  cancel(id: string, messageID: string): Promise<void>;
  /** Oldest first. `limit`: the newest N (0 or none: all); `before`: an opaque cursor from an earlier page or a message id. Throws BadRequest for a bad cursor. */
  messages(id: string, page?: { limit?: number; before?: string }): Promise<{ items: MessageWithParts[]; cursor?: string }>;
  message(id: string, messageID: string): Promise<MessageWithParts>;
  /**
   * Undoes what was changed from the message (or the part of it) on, where files still hold what the session left; `metadata.revert` names
   * what was left alone (`src/session/revert.ts`). From an earlier undo it goes on, further back or forward. Messages stay until the next
   * prompt removes them. Throws SessionBusyError while something runs, NotFoundError for an unknown message or part.
   */
  revert(id: string, point: { messageID: string; partID?: string }): Promise<Session>;
  /** Takes the undo back, with the same care. Throws SessionBusyError. */
  unrevert(id: string): Promise<Session>;
  /** What the session changed and stands; with a message, what its turn (or step) changed. Throws NotFoundError for an unknown message. */
  diff(id: string, query?: DiffQuery): Promise<SnapshotFileDiff[]>;
  /**
   * Undoes what the session changed in single files, where they still hold what it left; the conversation stays. Throws SessionBusyError while something
   * runs, ConflictError while the session is undone from a message on, NotFoundError for an unknown message or a file that it did not change.
   */
  undoFiles(id: string, query: FileUndoQuery): Promise<FileUndo>;
}

export interface PruneOptions {
  /** Deletes nothing, only tells what would be. */
  dryRun?: boolean;
  /** Who wants it; the server's own rule unless told. */
  actor?: Actor;
  /** Sessions of other directories are left alone. */
  directories?: (directory: string) => boolean;
  /** Ends it between two deletions. */
  signal?: AbortSignal;
}

export interface ToolCall {
  name: string;
  input: Record<string, unknown>;
  /** Who calls, for the record. */
  actor?: Actor;
}

/** What somebody sends, and who, for the record; nobody where the server itself does. */
export type Sent<Input> = Input & { actor?: Actor };

/** `mayRead`: whether the sender may have a file or directory read by naming it (absolute, links followed), where that is less than the server may. */
export type SentCommand = Sent<CommandInput> & { mayRead?(path: string): boolean };

export interface CommandAnswer {
  info: AssistantMessage;
  parts: Part[];
}

export interface SessionCreate {
  parentID?: string;
  title?: string;
  agent?: string;
  model?: { id: string; providerID: string; variant?: string };
  metadata?: Record<string, unknown>;
  permission?: PermissionRuleset;
}

export interface SessionChange {
  title?: string;
  metadata?: Record<string, unknown>;
  permission?: PermissionRuleset;
  /** In place of those it has. */
  tags?: string[];
  /** `archived`: epoch ms; 0 takes it out of the archive. */
  time?: { archived?: number };
}

export interface SessionQuery {
  /** Exactly this directory, unless `projectID` is given. */
  directory: string;
  /** Every session of the project instead of the directory. */
  projectID?: string;
  /** Only sessions whose directory, relative to the worktree, is this or below it. */
  path?: string;
  roots?: boolean;
  /** Updated at or after (epoch ms). */
  start?: number;
  search?: string;
  limit?: number;
}

/** Signs the server on and opens the sessions. Disposing it ends the running turns; queued prompts stay queued. The server is signed off by `signOff`, when all that it started has ended. */
export async function createSessions(given: Omit<SessionOptions, "limits"> & { limits?: Partial<Limits> }): Promise<SessionService> {
  // A turn's tools may start sessions of their own, which are run by what runs turns.
  const options: SessionOptions = {
    ...given,
    limits: () => limits,
    resume: () => policy,
    tasks: { run: (call) => tasks.run(call) },
    times: rememberFileTimes(),
  };
  let policy: ResumePolicy = "off";
  let limits = limitsOf(given.limits);
  const leases = await createLeases(options);
  const slots = createTurnSlots(() => limits.turns);
  const runner = createRunner(options, { leases, slots });
  const ending = new AbortController();
  const turnsEnded = new AbortController();
  const endHeartbeat = startHeartbeat(options, { leases, runner });

  const { removeAll, ...catalogue } = createCatalogue(options, { leases, runner });
  const messages = createMessages(options);
  const prompts = createPrompts(options, { leases, runner, turnsEnded: turnsEnded.signal });
  const tasks = createTasks(options, { ...catalogue, ...prompts });
  const { shareNew, ...shares } = createShares(options, { ...messages, status: catalogue.status });

  return {
    ...catalogue,
    create: async (directory, input, address) => shareNew(await catalogue.create(directory, input), address),
    ...messages,
    ...prompts,
    ...shares,
    ...createDefaults(options),
    ...createForks(options),
    ...createImports(options),
    ...createCommandCalls(options, { prompt: prompts.prompt, ending: ending.signal }),
    ...createChat(options, { ...catalogue, ...prompts, ...messages }),
    ...createShell(options, runner),
    ...createToolCalls(options, { runner, create: catalogue.create, ending: ending.signal }),
    ...createUndo(options, { leases, runner }),
    ...createBudgetCalls(options, { runner }),
    ...createViews(options, catalogue),
    ...createBulk(options, { removeAll }),
    ...createRetention(options, { removeAll }),
    turns: slots.stats,
    waitingPrompts: () => countWaiting(options.database.orm),
    recover({ resume = "off", limits: told } = {}) {
      policy = resume;
      limits = limitsOf({ ...given.limits, ...told });
      return runner.adopt();
    },
    settled: () => runner.settled(),
    async stopIn(directory) {
      const running = await findSessions(options.database.orm, runner.running());
      const ids = running.filter((session) => session.directory === directory).map(({ id }) => id);
      await Promise.all([...ids.map((id) => runner.stop(id)), runner.settled(ids)]);
    },
    async [Symbol.asyncDispose]() {
      ending.abort(shuttingDown());
      await endHeartbeat();
      await runner[Symbol.asyncDispose]();
      turnsEnded.abort(shuttingDown("The server is shutting down. The prompt stays in its queue and runs when one is started again."));
    },
  };
}
