import { z } from "zod";
import { EventID, MessageID, PartID, PermissionID, QuestionID, SessionID } from "./id.ts";
import { Message, MessageError } from "./message.ts";
import { Part } from "./part.ts";
import { RecordedReply } from "./permission.ts";
import { ProjectCommands, ProjectIcon, ProjectTime, ProjectVcs } from "./project.ts";
import { QuestionAnswer, QuestionInfo, QuestionTool } from "./question.ts";
import { Session, SessionStatus, SnapshotFileDiff, Todo } from "./session.ts";

function event<Type extends string, Properties extends z.ZodType>(id: string, type: Type, properties: Properties) {
  return z.object({ id: EventID, type: z.literal(type), properties }).meta({ id });
}

/** Events that are rows of the log: each has a position, survives a restart and is replayed to a reader that resumes. */
export const durableEvents = {
  "session.created": event("EventSessionCreated", "session.created", z.object({ sessionID: SessionID, info: Session })),
  "session.updated": event("EventSessionUpdated", "session.updated", z.object({ sessionID: SessionID, info: Session })),
  "session.deleted": event("EventSessionDeleted", "session.deleted", z.object({ sessionID: SessionID, info: Session })),
  "session.diff": event("EventSessionDiff", "session.diff", z.object({ sessionID: SessionID, diff: z.array(SnapshotFileDiff) })),
  "session.error": event(
    "EventSessionError",
    "session.error",
    z.object({
      sessionID: SessionID.optional(),
      error: MessageError.optional(),
    }),
  ),
  "session.status": event("EventSessionStatus", "session.status", z.object({ sessionID: SessionID, status: SessionStatus })),
  "session.idle": event("EventSessionIdle", "session.idle", z.object({ sessionID: SessionID })),
  "session.compacted": event("EventSessionCompacted", "session.compacted", z.object({ sessionID: SessionID })),
  "message.updated": event("EventMessageUpdated", "message.updated", z.object({ sessionID: SessionID, info: Message })),
  "message.removed": event("EventMessageRemoved", "message.removed", z.object({ sessionID: SessionID, messageID: MessageID })),
  "message.part.updated": event(
    "EventMessagePartUpdated",
    "message.part.updated",
    z.object({ sessionID: SessionID, part: Part, time: z.number() }),
  ),
  "message.part.removed": event(
    "EventMessagePartRemoved",
    "message.part.removed",
    z.object({ sessionID: SessionID, messageID: MessageID, partID: PartID }),
  ),
  "permission.asked": event(
    "EventPermissionAsked",
    "permission.asked",
    z.object({
      id: PermissionID,
      sessionID: SessionID,
      permission: z.string(),
      patterns: z.array(z.string()),
      metadata: z.record(z.string(), z.unknown()),
      always: z.array(z.string()),
      tool: z.object({ messageID: z.string(), callID: z.string() }).optional(),
    }),
  ),
  "permission.replied": event(
    "EventPermissionReplied",
    "permission.replied",
    z.object({ sessionID: SessionID, requestID: PermissionID, reply: RecordedReply }),
  ),
  "question.asked": event(
    "EventQuestionAsked",
    "question.asked",
    z.object({ id: QuestionID, sessionID: SessionID, questions: z.array(QuestionInfo), tool: QuestionTool.optional() }),
  ),
  "question.replied": event(
    "EventQuestionReplied",
    "question.replied",
    z.object({ sessionID: SessionID, requestID: QuestionID, answers: z.array(QuestionAnswer) }),
  ),
  "question.rejected": event("EventQuestionRejected", "question.rejected", z.object({ sessionID: SessionID, requestID: QuestionID })),
  "todo.updated": event("EventTodoUpdated", "todo.updated", z.object({ sessionID: SessionID, todos: z.array(Todo) })),
  "file.edited": event("EventFileEdited", "file.edited", z.object({ file: z.string() })),
  "command.executed": event(
    "EventCommandExecuted",
    "command.executed",
    z.object({ name: z.string(), sessionID: SessionID, arguments: z.string(), messageID: MessageID }),
  ),
  "project.updated": event(
    "EventProjectUpdated",
    "project.updated",
    z.object({
      id: z.string(),
      worktree: z.string(),
      vcs: ProjectVcs.optional(),
      name: z.string().optional(),
      icon: ProjectIcon.optional(),
      commands: ProjectCommands.optional(),
      time: ProjectTime,
      sandboxes: z.array(z.string()),
    }),
  ),
};

/** Events that are told to whoever listens now, and to nobody later. */
export const liveEvents = {
  "message.part.delta": event(
    "EventMessagePartDelta",
    "message.part.delta",
    z.object({ sessionID: SessionID, messageID: MessageID, partID: PartID, field: z.string(), delta: z.string() }),
  ),
  "file.watcher.updated": event(
    "EventFileWatcherUpdated",
    "file.watcher.updated",
    z.object({ file: z.string(), event: z.enum(["add", "change", "unlink"]) }),
  ),
  "tui.prompt.append": event("Event.tui.prompt.append", "tui.prompt.append", z.object({ text: z.string() })),
  "tui.command.execute": event(
    "Event.tui.command.execute",
    "tui.command.execute",
    z.object({
      command: z.union([
        z.enum([
          "session.list",
          "session.new",
          "session.share",
          "session.interrupt",
          "session.compact",
          "session.page.up",
          "session.page.down",
          "session.line.up",
          "session.line.down",
          "session.half.page.up",
          "session.half.page.down",
          "session.first",
          "session.last",
          "prompt.clear",
          "prompt.submit",
          "agent.cycle",
        ]),
        z.string(),
      ]),
    }),
  ),
  "tui.toast.show": event(
    "Event.tui.toast.show",
    "tui.toast.show",
    z.object({
      title: z.string().optional(),
      message: z.string(),
      variant: z.enum(["info", "success", "warning", "error"]),
      duration: z.int().positive().optional(),
    }),
  ),
  "tui.session.select": event("Event.tui.session.select", "tui.session.select", z.object({ sessionID: SessionID })),
  "lsp.updated": event("EventLspUpdated", "lsp.updated", z.record(z.string(), z.unknown())),
  "mcp.tools.changed": event("EventMcpToolsChanged", "mcp.tools.changed", z.object({ server: z.string() })),
  "mcp.browser.open.failed": event(
    "EventMcpBrowserOpenFailed",
    "mcp.browser.open.failed",
    z.object({ mcpName: z.string(), url: z.string() }),
  ),
  "vcs.branch.updated": event("EventVcsBranchUpdated", "vcs.branch.updated", z.object({ branch: z.string().optional() })),
  // What older programs wait for: sent on request only (`?legacy=true`), each made from the durable event that it follows.
  "session.message": event(
    "EventSessionMessage",
    "session.message",
    z.object({ sessionID: SessionID, info: Message, parts: z.array(Part) }),
  ),
  "tool.call": event(
    "EventToolCall",
    "tool.call",
    z.object({
      sessionID: SessionID,
      messageID: MessageID,
      callID: z.string(),
      tool: z.string(),
      input: z.record(z.string(), z.unknown()),
    }),
  ),
  "server.connected": event("EventServerConnected", "server.connected", z.record(z.string(), z.unknown())),
  "server.instance.disposed": event("EventServerInstanceDisposed", "server.instance.disposed", z.object({ directory: z.string() })),
  "global.disposed": event("EventGlobalDisposed", "global.disposed", z.record(z.string(), z.unknown())),
  "server.heartbeat": event("EventServerHeartbeat", "server.heartbeat", z.record(z.string(), z.unknown())),
};

const all = { ...durableEvents, ...liveEvents };

export type DurableType = keyof typeof durableEvents;
export type EventType = keyof typeof all;
export type EventOf<Type extends EventType> = z.infer<(typeof all)[Type]>;
export type PropertiesOf<Type extends EventType> = EventOf<Type>["properties"];

/** Every event on the wire. */
export const Event = z
  .discriminatedUnion("type", Object.values(all) as unknown as [(typeof all)["session.created"]])
  .meta({ id: "Event" }) as unknown as z.ZodType<AnyEvent>;
export type AnyEvent = { [Type in EventType]: EventOf<Type> }[EventType];
