import type { z } from "zod";
import type { Formatters } from "../format/format.ts";
import type { LanguageServers } from "../lsp/lsp.ts";
import type { QuestionInfo } from "../schema/question.ts";
import type { Todo } from "../schema/session.ts";
import type { SessionCommands } from "./background.ts";

/**
 * What a tool may ask of the world. A tool reads and changes files and runs commands by itself; whatever concerns the
 * session (permission, live state, todos) goes through here, so that no tool knows a session, the store or a host.
 */
export interface ToolContext {
  sessionID: string;
  messageID: string;
  callID: string;
  /** The name of the agent that calls. */
  agent: string;
  /** The session's directory: relative paths resolve against it. */
  directory: string;
  /** The root of the project that holds `directory`; a path outside it needs the `external_directory` permission. */
  worktree: string;
  /** Aborts when the turn ends early. A tool stops its work and its processes, and throws. */
  signal: AbortSignal;
  /** The environment for child processes, already without the server's secrets. */
  environment: NodeJS.ProcessEnv;
  /** Where full outputs over the limit are kept, and the limit. */
  output: { directory: string; maxLines: number; maxBytes: number };
  /** Remembers which files the session has read and in what state, so that a stale edit is refused. */
  files: FileTimes;
  /** Resolves when the call is allowed; throws AppError PermissionRejectedError when it is not. */
  ask(request: PermissionAsk): Promise<void>;
  /** Asks the user; resolves with a list of labels and typed texts for each question. Throws AppError QuestionRejectedError when it is dismissed. */
  question(questions: QuestionInfo[]): Promise<string[][]>;
  /** Live state of the running call, shown to watchers. Cheap to call often: it is coalesced. */
  metadata(update: { title?: string; metadata?: Record<string, unknown> }): void;
  /** What the project brings along to look after its files; absent where there is no project. */
  formatters?: Pick<Formatters, "format">;
  lsp?: Pick<LanguageServers, "check" | "touch">;
  /** Does work that changes or removes these files (absolute, links followed), and keeps them as they were, so that it can be undone. Throws what the work throws. */
  recording?<Result>(files: string[], work: () => Promise<Result>): Promise<Result>;
  /** Tells watchers that the tool changed this file (absolute path). */
  edited(file: string): Promise<void>;
  /** Commands that run beside the session's turns; absent where nothing may outlive the call. */
  background?: SessionCommands;
  todo: { get(): Promise<Todo[]>; set(todos: Todo[]): Promise<void> };
  /** Has a sub-agent do a task in a session of its own and resolves with its last words; `show` is told what watchers are to see meanwhile. Throws AppError with a message for the model. */
  task(request: TaskRequest, show: (metadata: Record<string, unknown>) => void): Promise<TaskResult>;
}

export interface TaskRequest {
  /** A few words for whoever watches. */
  description: string;
  prompt: string;
  /** The name of the sub-agent. */
  agent: string;
  /** An earlier task of the same session to go on with. */
  taskID?: string;
}

export interface TaskResult {
  text: string;
  metadata: { parentSessionId: string; sessionId: string; model: { providerID: string; modelID: string } };
}

export interface PermissionAsk {
  /** The permission's name: `bash`, `edit` (write too), `read`, `external_directory`, … */
  permission: string;
  /** What this call touches: a command, a path relative to the worktree, a glob. */
  patterns: string[];
  /** The patterns that an answer of `always` covers from then on. */
  always: string[];
  /** Shown to whoever decides: the diff of an edit, the command. */
  metadata: Record<string, unknown>;
}

export interface FileTimes {
  /** Notes that the session has seen the file as it is now. */
  seen(file: string): Promise<void>;
  /** Throws AppError BadRequest unless the session has seen the file and it has not changed since. */
  assertFresh(file: string): Promise<void>;
}

export interface ToolResult {
  title: string;
  output: string;
  metadata: Record<string, unknown>;
  /** Files for the model beside the text (images, PDF), as data URLs. */
  attachments?: { mime: string; url: string; filename?: string }[];
}

export interface Tool<Input extends z.ZodType = z.ZodType> {
  id: string;
  /** The prompt text the model sees, kept in the `.md` file beside the tool. */
  description: string;
  input: Input;
  /** JSON Schema of the input for the model, where `input` cannot say it: the tool checks what it is given by itself. */
  schema?: Record<string, unknown>;
  /** The description where it depends on the session; undefined: the tool is of no use there and is not offered. */
  describe?(place: {
    subagents: { name: string; description?: string }[];
    skills?: { name: string; description?: string }[];
  }): string | undefined;
  /** Whether a call that was cut off may be repeated without asking (it changes nothing). */
  repeatable: boolean;
  /** A call may change files without `recording` them (it runs commands, or code that is not ours): what it did is told from the files before and after. */
  untold?: boolean;
  /** The tool keeps within `context.output` by itself (it pages, or streams to disk) and sets `metadata.truncated`. */
  limitsOutput?: boolean;
  /** Throws AppError with a message for the model: what was wrong and what would work. */
  execute(input: z.infer<Input>, context: ToolContext): Promise<ToolResult>;
}

export function defineTool<Input extends z.ZodType>(tool: Tool<Input>): Tool {
  return tool as unknown as Tool;
}
