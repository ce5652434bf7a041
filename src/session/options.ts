import type { Database, Statement } from "../../db/client.ts";
import type { Activities } from "../activity/activity.ts";
import type { RetryPolicy } from "../agent/turn.ts";
import type { BudgetService } from "../budget/budget.ts";
import type { EventLog } from "../event/log.ts";
import type { MemoryService } from "../memory/memory.ts";
import type { PermissionService } from "../permission/permission.ts";
import type { QuestionService } from "../question/question.ts";
import type { AuditEntry } from "../schema/audit.ts";
import type { ResumePolicy } from "../schema/config.ts";
import type { Limits } from "../schema/limits.ts";
import type { QueuePolicy } from "../schema/prompt.ts";
import type { BackgroundCommands, OwnedProcesses } from "../tool/registry.ts";
import type { FileTimes } from "../tool/tool.ts";
import type { Tasks } from "./task.ts";
import type { Workspace } from "./workspace.ts";

export interface SessionOptions {
  log: EventLog;
  database: Database;
  /** Puts prompts on record, in the batch that holds them. */
  audit?: { entry(entry: AuditEntry): Statement };
  serverID: string;
  version: string;
  permissions: PermissionService;
  questions: Pick<QuestionService, "ask" | "list">;
  /** Commands that run beside turns. */
  background: Pick<BackgroundCommands, "of" | "end">;
  budgets: BudgetService;
  /** Hears of turns and model calls. */
  activities: Pick<Activities, "turn" | "call">;
  /** What `/remember` stores. */
  memories: Pick<MemoryService, "perform">;
  /** What a session needs of its directory. Throws ForbiddenError outside the roots, NotFoundError if it is gone. */
  workspace(directory: string): Promise<Workspace>;
  /** Whether this server works in the directory at all: sessions of others are listed, never run. */
  serves(directory: string): boolean;
  /** Where the tools' child processes get their environment, and how they end. */
  processes: Omit<OwnedProcesses, keyof AsyncDisposable>;
  /** Where full tool outputs are kept, a directory for each session. */
  outputDirectory: string;
  /** What is done at most at a time; asked each time. */
  limits: () => Pick<Limits, "turns" | "queued" | "queuedPerSession">;
  retry: RetryPolicy;
  /** Milliseconds without a byte from a model before its stream counts as dead. */
  idleTimeout: number;
  /** Runs sub-agents. The room sets it for itself. */
  tasks?: Tasks;
  /** What each session has seen of files. The room sets it for itself. */
  times?: (sessionID: string) => FileTimes;
  /** What becomes of prompts that do not say it, in a busy session; `join` unless told. */
  queue?: QueuePolicy;
  /** What becomes of turns that a dead server had started. The room sets it for itself. */
  resume?: () => ResumePolicy;
  /** Told of failures nobody waits for. */
  onError?: (error: unknown) => void;
}
