// Made by `npm run client:types` from the router; do not edit.

import type { TRPCBuiltRouter, TRPCDefaultErrorData, TRPCMutationProcedure, TRPCQueryProcedure, TRPCSubscriptionProcedure } from "@trpc/server";

export type APIError = { name: "APIError"; data: { message: string; statusCode?: number; isRetryable: boolean; responseHeaders?: Record<string, string>; responseBody?: string; metadata?: Record<string, string> } };

export type APIErrorGiven = { name: "APIError"; data: { message: string; statusCode?: number; isRetryable: boolean; responseHeaders?: Record<string, string>; responseBody?: string; metadata?: Record<string, string> } };

export type Agent = { name: string; description?: string; mode: "subagent" | "primary" | "all"; native?: boolean; hidden?: boolean; topP?: number; temperature?: number; color?: string; permission: PermissionRuleset; model?: { modelID: string; providerID: string }; variant?: string; prompt?: string; options: Record<string, unknown>; steps?: number };

export type AgentColor = (string) | ("primary" | "secondary" | "accent" | "success" | "warning" | "error" | "info");

export type AgentConfig = { model?: string; variant?: string; temperature?: number; top_p?: number; prompt?: string; tools?: Record<string, boolean>; disable?: boolean; description?: string; mode?: "subagent" | "primary" | "all"; hidden?: boolean; options?: Record<string, unknown>; color?: (string) | ("primary" | "secondary" | "accent" | "success" | "warning" | "error" | "info"); steps?: number; maxSteps?: number; permission?: PermissionConfig } & Record<string, unknown>;

export type AgentPart = { id: string; sessionID: string; messageID: string; type: "agent"; name: string; source?: { value: string; start: number; end: number } };

export type AgentPartGiven = { id: string; sessionID: string; messageID: string; type: "agent"; name: string; source?: { value: string; start: number; end: number } };

export type AgentPartInput = { id?: string; type: "agent"; name: string; source?: { value: string; start: number; end: number } };

export type AgentV2Info = { id: string; model?: ModelRef; request: ProviderRequest; system?: string; description?: string; mode: "subagent" | "primary" | "all"; hidden: boolean; color?: AgentColor; steps?: number; permissions: PermissionV2Ruleset };

export type ApiAuth = { type: "api"; key: string; metadata?: Record<string, string> };

export type AssistantMessage = { id: string; sessionID: string; role: "assistant"; time: { created: number; completed?: number }; error?: (ProviderAuthError) | (UnknownError) | (MessageOutputLengthError) | (MessageAbortedError) | (StructuredOutputError) | (ContextOverflowError) | (ContentFilterError) | (APIError); parentID: string; modelID: string; providerID: string; mode: string; agent: string; path: { cwd: string; root: string }; summary?: boolean; cost: number; tokens: { total?: number; input: number; output: number; reasoning: number; cache: { read: number; write: number } }; structured?: unknown; variant?: string; finish?: string };

export type AssistantMessageGiven = { id: string; sessionID: string; role: "assistant"; time: { created: number; completed?: number }; error?: (ProviderAuthErrorGiven) | (UnknownErrorGiven) | (MessageOutputLengthErrorGiven) | (MessageAbortedErrorGiven) | (StructuredOutputErrorGiven) | (ContextOverflowErrorGiven) | (ContentFilterErrorGiven) | (APIErrorGiven); parentID: string; modelID: string; providerID: string; mode: string; agent: string; path: { cwd: string; root: string }; summary?: boolean; cost: number; tokens: { total?: number; input: number; output: number; reasoning: number; cache: { read: number; write: number } }; structured?: unknown; variant?: string; finish?: string };

export type AttachmentConfig = { image?: ImageAttachmentConfig };

export type AttachmentConfigGiven = { image?: ImageAttachmentConfigGiven };

export type AuditRecord = { sequence: number; time: number; actor: string; action: string; subject: Record<string, string>; directory?: string; address?: string; hash?: string };

export type AuditReport = { intact: boolean; entries: number; head?: string; faults: ({ sequence: number; fault: string })[] };

export type Auth = (OAuth) | (ApiAuth) | (WellKnownAuth);

export type BulkResult = { id: string; ok: boolean; error?: { name: string; message: string } };

export type ChatAgent = { name: string; description?: string; mode: "subagent" | "primary" | "all"; native: boolean; model?: string; default: boolean };

export type ChatAnswer = { sessionId: string; messageId: string; /** The text of the last message. */ content: string; /** Everything the turn said and did, oldest first. */ parts: (Part)[]; /** Of the whole turn. */ tokens: { total?: number; input: number; output: number; reasoning: number; cache: { read: number; write: number } }; /** US dollars, of the whole turn. */ cost: number; /** Why the turn ended early, if it did. */ error?: { name: string; message: string } };

export type ChatFrame = ({ type: "session"; sessionId: string }) | ({ type: "text"; content: string }) | ({ type: "tool_start"; tool: string; args: Record<string, unknown>; callId: string }) | ({ type: "tool_end"; tool: string; result: string; callId: string; failed?: boolean }) | ({ type: "permission"; permissionId: string; sessionId: string; permission: string; patterns: (string)[]; always: (string)[]; metadata: Record<string, unknown>; tool?: { messageID: string; callID: string } }) | ({ type: "question"; questionId: string; sessionId: string; questions: (QuestionInfo)[]; tool?: QuestionTool }) | ({ type: "error"; name: string; message: string }) | ({ type: "done"; sessionId: string; messageId: string });

export type ChatHistory = { id: string; slug: string; projectID: string; workspaceID?: string; directory: string; path?: string; parentID?: string; summary?: { additions: number; deletions: number; files: number; diffs?: (SnapshotFileDiff)[] }; cost?: number; tokens?: { input: number; output: number; reasoning: number; cache: { read: number; write: number } }; share?: { url: string }; title: string; agent?: string; model?: { id: string; providerID: string; variant?: string }; version: string; metadata?: Record<string, unknown>; tags?: (string)[]; time: { created: number; updated: number; compacting?: number; archived?: number }; permission?: PermissionRuleset; revert?: { messageID: string; partID?: string; snapshot?: string; diff?: string }; status: SessionStatus; messages: ({ info: Message; parts: (Part)[] })[] };

export type ChatInput = { message: string; /** The session to go on with; none begins a new one. */ sessionId?: (string) | (null); agent?: string; /** `"provider/model"`, or its two names. */ model?: (string) | ({ providerID: string; modelID: string; variant?: string }); /** What becomes of the message when the session is busy. */ queue?: "join" | "queue" | "interrupt" | "reject" };

export type ChatModel = { /** As `model` of a chat takes it: `"provider/model"`. */ id: string; provider: string; name: string; /** Tokens. */ limit: { context: number; output: number }; /** US dollars for a million tokens. */ cost: { input: number; output: number }; tools: boolean; reasoning: boolean; images: boolean; default: boolean };

export type ChatProvider = { id: string; name: string; source: string; models: (string)[]; default?: string };

export type ChatSession = { id: string; slug: string; projectID: string; workspaceID?: string; directory: string; path?: string; parentID?: string; summary?: { additions: number; deletions: number; files: number; diffs?: (SnapshotFileDiff)[] }; cost?: number; tokens?: { input: number; output: number; reasoning: number; cache: { read: number; write: number } }; share?: { url: string }; title: string; agent?: string; model?: { id: string; providerID: string; variant?: string }; version: string; metadata?: Record<string, unknown>; tags?: (string)[]; time: { created: number; updated: number; compacting?: number; archived?: number }; permission?: PermissionRuleset; revert?: { messageID: string; partID?: string; snapshot?: string; diff?: string }; status: SessionStatus };

export type ChatStatus = { status: "ok"; version: string; directory: string; worktree: string; project: string; /** The one that answers, unless told otherwise. */ agent: string; /** The one that answers, unless told otherwise, as `"provider/model"`. */ model: string; /** The ones that can be called. */ providers: (string)[]; /** How many sessions are at work. */ busy: number };

export type Command = { name: string; description?: string; agent?: string; model?: string; source?: "command" | "mcp" | "skill"; template: string; subtask?: boolean; hints: (string)[] };

export type CommandV2Info = { name: string; template: string; description?: string; agent?: string; model?: ModelRef; subtask?: boolean };

export type CompactionPart = { id: string; sessionID: string; messageID: string; type: "compaction"; auto: boolean; overflow?: boolean; tail_start_id?: string };

export type CompactionPartGiven = { id: string; sessionID: string; messageID: string; type: "compaction"; auto: boolean; overflow?: boolean; tail_start_id?: string };

export type Config = { $schema?: string; shell?: string; logLevel?: LogLevel; server?: ServerConfig; command?: Record<string, { template: string; description?: string; agent?: string; model?: string; variant?: string; subtask?: boolean }>; skills?: { paths?: (string)[]; urls?: (string)[] }; references?: Record<string, (string) | (ConfigV2ReferenceGit) | (ConfigV2ReferenceLocal)>; reference?: Record<string, (string) | (ConfigV2ReferenceGit) | (ConfigV2ReferenceLocal)>; watcher?: { ignore?: (string)[] }; snapshot?: boolean; plugin?: ((string) | ([string, Record<string, unknown>]))[]; share?: "manual" | "auto" | "disabled"; autoshare?: boolean; autoupdate?: (boolean) | ("notify"); disabled_providers?: (string)[]; enabled_providers?: (string)[]; model?: string; small_model?: string; default_agent?: string; subagent_depth?: number; username?: string; mode?: { build?: AgentConfig; plan?: AgentConfig } & Record<string, AgentConfig>; agent?: { plan?: AgentConfig; build?: AgentConfig; general?: AgentConfig; explore?: AgentConfig; title?: AgentConfig; summary?: AgentConfig; compaction?: AgentConfig } & Record<string, AgentConfig>; provider?: Record<string, ProviderConfig>; mcp?: Record<string, (McpLocalConfig) | (McpRemoteConfig) | ({ enabled: boolean })>; formatter?: (boolean) | (Record<string, { disabled?: boolean; command?: (string)[]; environment?: Record<string, string>; extensions?: (string)[] }>); lsp?: (boolean) | (Record<string, ({ disabled: true }) | ({ command: (string)[]; extensions?: (string)[]; disabled?: boolean; env?: Record<string, string>; initialization?: Record<string, unknown> })>); instructions?: (string)[]; layout?: LayoutConfig; permission?: PermissionConfig; tools?: Record<string, boolean>; attachment?: AttachmentConfig; enterprise?: { url?: string }; tool_output?: { max_lines?: number; max_bytes?: number }; compaction?: { auto?: boolean; prune?: boolean; tail_turns?: number; preserve_recent_tokens?: number; reserved?: number }; budget?: { session?: { tokens?: number; cost?: number }; project?: { tokens?: number; cost?: number }; day?: { tokens?: number; cost?: number } }; experimental?: { disable_paste_summary?: boolean; batch_tool?: boolean; openTelemetry?: boolean; primary_tools?: (string)[]; continue_loop_on_deny?: boolean; mcp_timeout?: number; policies?: (ConfigV2ExperimentalPolicy)[] } };

export type ConfigGiven = { $schema?: string; shell?: string; logLevel?: LogLevel; server?: ServerConfigGiven; command?: Record<string, { template: string; description?: string; agent?: string; model?: string; variant?: string; subtask?: boolean }>; skills?: { paths?: (string)[]; urls?: (string)[] }; references?: Record<string, (string) | (ConfigV2ReferenceGitGiven) | (ConfigV2ReferenceLocalGiven)>; reference?: Record<string, (string) | (ConfigV2ReferenceGitGiven) | (ConfigV2ReferenceLocalGiven)>; watcher?: { ignore?: (string)[] }; snapshot?: boolean; plugin?: ((string) | ([string, Record<string, unknown>]))[]; share?: "manual" | "auto" | "disabled"; autoshare?: boolean; autoupdate?: (boolean) | ("notify"); disabled_providers?: (string)[]; enabled_providers?: (string)[]; model?: string; small_model?: string; default_agent?: string; subagent_depth?: number; username?: string; mode?: { build?: AgentConfig; plan?: AgentConfig } & Record<string, AgentConfig>; agent?: { plan?: AgentConfig; build?: AgentConfig; general?: AgentConfig; explore?: AgentConfig; title?: AgentConfig; summary?: AgentConfig; compaction?: AgentConfig } & Record<string, AgentConfig>; provider?: Record<string, ProviderConfigGiven>; mcp?: Record<string, (McpLocalConfigGiven) | (McpRemoteConfigGiven) | ({ enabled: boolean })>; formatter?: (boolean) | (Record<string, { disabled?: boolean; command?: (string)[]; environment?: Record<string, string>; extensions?: (string)[] }>); lsp?: (boolean) | (Record<string, ({ disabled: true }) | ({ command: (string)[]; extensions?: (string)[]; disabled?: boolean; env?: Record<string, string>; initialization?: Record<string, unknown> })>); instructions?: (string)[]; layout?: LayoutConfig; permission?: PermissionConfig; tools?: Record<string, boolean>; attachment?: AttachmentConfigGiven; enterprise?: { url?: string }; tool_output?: { max_lines?: number; max_bytes?: number }; compaction?: { auto?: boolean; prune?: boolean; tail_turns?: number; preserve_recent_tokens?: number; reserved?: number }; budget?: { session?: { tokens?: number; cost?: number }; project?: { tokens?: number; cost?: number }; day?: { tokens?: number; cost?: number } }; experimental?: { disable_paste_summary?: boolean; batch_tool?: boolean; openTelemetry?: boolean; primary_tools?: (string)[]; continue_loop_on_deny?: boolean; mcp_timeout?: number; policies?: (ConfigV2ExperimentalPolicyGiven)[] } };

export type ConfigSetting = { key: string; value?: unknown; secret: boolean; source: string; overruled: (string)[] };

export type ConfigV2ExperimentalPolicy = { action: "provider.use"; effect: PolicyEffect; resource: string };

export type ConfigV2ExperimentalPolicyGiven = { action: "provider.use"; effect: PolicyEffect; resource: string };

export type ConfigV2ReferenceGit = { repository: string; branch?: string; description?: string; hidden?: boolean };

export type ConfigV2ReferenceGitGiven = { repository: string; branch?: string; description?: string; hidden?: boolean };

export type ConfigV2ReferenceLocal = { path: string; description?: string; hidden?: boolean };

export type ConfigV2ReferenceLocalGiven = { path: string; description?: string; hidden?: boolean };

export type ConnectionCredentialInfo = { type: "credential"; id: string; label: string };

export type ConnectionEnvInfo = { type: "env"; name: string };

export type ConnectionInfo = (ConnectionCredentialInfo) | (ConnectionEnvInfo);

export type ConsoleState = { consoleManagedProviders: (string)[]; activeOrgName?: string; switchableOrgCount: number };

export type ContentFilterError = { name: "ContentFilterError"; data: { message: string } };

export type ContentFilterErrorGiven = { name: "ContentFilterError"; data: { message: string } };

export type ContextOverflowError = { name: "ContextOverflowError"; data: { message: string; responseBody?: string } };

export type ContextOverflowErrorGiven = { name: "ContextOverflowError"; data: { message: string; responseBody?: string } };

export type Event = (EventSessionCreated) | (EventSessionUpdated) | (EventSessionDeleted) | (EventSessionDiff) | (EventSessionError) | (EventSessionStatus) | (EventSessionIdle) | (EventSessionCompacted) | (EventMessageUpdated) | (EventMessageRemoved) | (EventMessagePartUpdated) | (EventMessagePartRemoved) | (EventPermissionAsked) | (EventPermissionReplied) | (EventQuestionAsked) | (EventQuestionReplied) | (EventQuestionRejected) | (EventTodoUpdated) | (EventFileEdited) | (EventCommandExecuted) | (EventProjectUpdated) | (EventMessagePartDelta) | (EventFileWatcherUpdated) | (EventTuiPromptAppend) | (EventTuiCommandExecute) | (EventTuiToastShow) | (EventTuiSessionSelect) | (EventLspUpdated) | (EventMcpToolsChanged) | (EventMcpBrowserOpenFailed) | (EventVcsBranchUpdated) | (EventSessionMessage) | (EventToolCall) | (EventServerConnected) | (EventServerInstanceDisposed) | (EventGlobalDisposed) | (EventServerHeartbeat);

export type EventCommandExecuted = { id: string; type: "command.executed"; properties: { name: string; sessionID: string; arguments: string; messageID: string } };

export type EventFileEdited = { id: string; type: "file.edited"; properties: { file: string } };

export type EventFileWatcherUpdated = { id: string; type: "file.watcher.updated"; properties: { file: string; event: "add" | "change" | "unlink" } };

export type EventGlobalDisposed = { id: string; type: "global.disposed"; properties: Record<string, unknown> };

export type EventLspUpdated = { id: string; type: "lsp.updated"; properties: Record<string, unknown> };

export type EventMcpBrowserOpenFailed = { id: string; type: "mcp.browser.open.failed"; properties: { mcpName: string; url: string } };

export type EventMcpToolsChanged = { id: string; type: "mcp.tools.changed"; properties: { server: string } };

export type EventMessagePartDelta = { id: string; type: "message.part.delta"; properties: { sessionID: string; messageID: string; partID: string; field: string; delta: string } };

export type EventMessagePartRemoved = { id: string; type: "message.part.removed"; properties: { sessionID: string; messageID: string; partID: string } };

export type EventMessagePartUpdated = { id: string; type: "message.part.updated"; properties: { sessionID: string; part: Part; time: number } };

export type EventMessageRemoved = { id: string; type: "message.removed"; properties: { sessionID: string; messageID: string } };

export type EventMessageUpdated = { id: string; type: "message.updated"; properties: { sessionID: string; info: Message } };

export type EventPermissionAsked = { id: string; type: "permission.asked"; properties: { id: string; sessionID: string; permission: string; patterns: (string)[]; metadata: Record<string, unknown>; always: (string)[]; tool?: { messageID: string; callID: string } } };

export type EventPermissionReplied = { id: string; type: "permission.replied"; properties: { sessionID: string; requestID: string; reply: "once" | "always" | "reject" } };

export type EventProjectUpdated = { id: string; type: "project.updated"; properties: { id: string; worktree: string; vcs?: ProjectVcs; name?: string; icon?: ProjectIcon; commands?: ProjectCommands; time: ProjectTime; sandboxes: (string)[] } };

export type EventQuestionAsked = { id: string; type: "question.asked"; properties: { id: string; sessionID: string; questions: (QuestionInfo)[]; tool?: QuestionTool } };

export type EventQuestionRejected = { id: string; type: "question.rejected"; properties: { sessionID: string; requestID: string } };

export type EventQuestionReplied = { id: string; type: "question.replied"; properties: { sessionID: string; requestID: string; answers: (QuestionAnswer)[] } };

export type EventServerConnected = { id: string; type: "server.connected"; properties: Record<string, unknown> };

export type EventServerHeartbeat = { id: string; type: "server.heartbeat"; properties: Record<string, unknown> };

export type EventServerInstanceDisposed = { id: string; type: "server.instance.disposed"; properties: { directory: string } };

export type EventSessionCompacted = { id: string; type: "session.compacted"; properties: { sessionID: string } };

export type EventSessionCreated = { id: string; type: "session.created"; properties: { sessionID: string; info: Session } };

export type EventSessionDeleted = { id: string; type: "session.deleted"; properties: { sessionID: string; info: Session } };

export type EventSessionDiff = { id: string; type: "session.diff"; properties: { sessionID: string; diff: (SnapshotFileDiff)[] } };

export type EventSessionError = { id: string; type: "session.error"; properties: { sessionID?: string; error?: (ProviderAuthError) | (UnknownError) | (MessageOutputLengthError) | (MessageAbortedError) | (StructuredOutputError) | (ContextOverflowError) | (ContentFilterError) | (APIError) } };

export type EventSessionIdle = { id: string; type: "session.idle"; properties: { sessionID: string } };

export type EventSessionMessage = { id: string; type: "session.message"; properties: { sessionID: string; info: Message; parts: (Part)[] } };

export type EventSessionStatus = { id: string; type: "session.status"; properties: { sessionID: string; status: SessionStatus } };

export type EventSessionUpdated = { id: string; type: "session.updated"; properties: { sessionID: string; info: Session } };

export type EventTodoUpdated = { id: string; type: "todo.updated"; properties: { sessionID: string; todos: (Todo)[] } };

export type EventToolCall = { id: string; type: "tool.call"; properties: { sessionID: string; messageID: string; callID: string; tool: string; input: Record<string, unknown> } };

export type EventTuiCommandExecute = { type: "tui.command.execute"; properties: { command: ("session.list" | "session.new" | "session.share" | "session.interrupt" | "session.compact" | "session.page.up" | "session.page.down" | "session.line.up" | "session.line.down" | "session.half.page.up" | "session.half.page.down" | "session.first" | "session.last" | "prompt.clear" | "prompt.submit" | "agent.cycle") | (string) } };

export type EventTuiPromptAppend = { type: "tui.prompt.append"; properties: { text: string } };

export type EventTuiSessionSelect = { type: "tui.session.select"; properties: { sessionID: string } };

export type EventTuiToastShow = { type: "tui.toast.show"; properties: { title?: string; message: string; variant: "info" | "success" | "warning" | "error"; duration?: number } };

export type EventVcsBranchUpdated = { id: string; type: "vcs.branch.updated"; properties: { branch?: string } };

export type ExperimentalCapabilities = { backgroundSubagents: boolean };

export type File = { path: string; added: number; removed: number; status: "added" | "deleted" | "modified" };

export type FileContent = { type: "text" | "binary"; content: string; diff?: string; patch?: { oldFileName: string; newFileName: string; oldHeader?: string; newHeader?: string; hunks: ({ oldStart: number; oldLines: number; newStart: number; newLines: number; lines: (string)[] })[]; index?: string }; encoding?: "base64"; mimeType?: string };

export type FileNode = { name: string; path: string; absolute: string; type: "file" | "directory"; ignored: boolean };

export type FilePart = { id: string; sessionID: string; messageID: string; type: "file"; mime: string; filename?: string; url: string; source?: FilePartSource };

export type FilePartGiven = { id: string; sessionID: string; messageID: string; type: "file"; mime: string; filename?: string; url: string; source?: FilePartSourceGiven };

export type FilePartInputGiven = { id?: string; type: "file"; mime: string; filename?: string; url: string; source?: FilePartSourceGiven };

export type FilePartSource = (FileSource) | (SymbolSource) | (ResourceSource);

export type FilePartSourceGiven = (FileSourceGiven) | (SymbolSourceGiven) | (ResourceSourceGiven);

export type FilePartSourceText = { value: string; start: number; end: number };

export type FilePartSourceTextGiven = { value: string; start: number; end: number };

export type FileSource = { text: FilePartSourceText; type: "file"; path: string };

export type FileSourceGiven = { text: FilePartSourceTextGiven; type: "file"; path: string };

export type FileUndo = { files: (UndoneFile)[]; session: Session };

export type Finding = { check: string; status: "ok" | "warn" | "fail"; message: string };

export type FormatterStatus = { name: string; extensions: (string)[]; enabled: boolean };

export type ImageAttachmentConfig = { auto_resize?: boolean; max_width?: number; max_height?: number; max_base64_bytes?: number };

export type ImageAttachmentConfigGiven = { auto_resize?: boolean; max_width?: number; max_height?: number; max_base64_bytes?: number };

export type IntegrationEnvMethod = { type: "env"; names: (string)[] };

export type IntegrationInfo = { id: string; name: string; methods: (IntegrationMethod)[]; connections: (ConnectionInfo)[] };

export type IntegrationKeyMethod = { type: "key"; label?: string };

export type IntegrationMethod = (IntegrationOAuthMethod) | (IntegrationKeyMethod) | (IntegrationEnvMethod);

export type IntegrationOAuthMethod = { id: string; type: "oauth"; label: string; prompts?: ((IntegrationTextPrompt) | (IntegrationSelectPrompt))[] };

export type IntegrationSelectPrompt = { type: "select"; key: string; message: string; options: ({ label: string; value: string; hint?: string })[]; when?: IntegrationWhen };

export type IntegrationTextPrompt = { type: "text"; key: string; message: string; placeholder?: string; when?: IntegrationWhen };

export type IntegrationWhen = { key: string; op: "eq" | "neq"; value: string };

export type JSONSchema = Record<string, unknown>;

export type LSPStatus = { id: string; name: string; root: string; status: "connected" | "error" };

export type LayoutConfig = "auto" | "stretch";

export type Limits = { /** Turns that run at a time; others wait, by turns of their sessions. 16 unless told. */ turns?: number; /** Prompts that wait at a time, in all sessions. 10000 unless told. */ queued?: number; /** Prompts that wait in one session. 1000 unless told. */ queuedPerSession?: number; /** Event streams, WebSockets and subscriptions on them that one token, or one address, has open. 256 unless told. */ subscribers?: number; /** Requests a second of one token, or one address, in the long run; five times as many at once. 1000 unless told. */ requestsPerSecond?: number };

export type LimitsGiven = { /** Turns that run at a time; others wait, by turns of their sessions. 16 unless told. */ turns?: number; /** Prompts that wait at a time, in all sessions. 10000 unless told. */ queued?: number; /** Prompts that wait in one session. 1000 unless told. */ queuedPerSession?: number; /** Event streams, WebSockets and subscriptions on them that one token, or one address, has open. 256 unless told. */ subscribers?: number; /** Requests a second of one token, or one address, in the long run; five times as many at once. 1000 unless told. */ requestsPerSecond?: number };

export type ListedSession = { id: string; slug: string; projectID: string; workspaceID?: string; directory: string; path?: string; parentID?: string; summary?: { additions: number; deletions: number; files: number; diffs?: (SnapshotFileDiff)[] }; cost?: number; tokens?: { input: number; output: number; reasoning: number; cache: { read: number; write: number } }; share?: { url: string }; title: string; agent?: string; model?: { id: string; providerID: string; variant?: string }; version: string; metadata?: Record<string, unknown>; tags?: (string)[]; time: { created: number; updated: number; compacting?: number; archived?: number }; permission?: PermissionRuleset; revert?: { messageID: string; partID?: string; snapshot?: string; diff?: string }; project: (ProjectSummary) | (null); state: SessionState };

export type LocationInfo = { directory: string; workspaceID?: string; project: { id: string; directory: string } };

export type LogLevel = "DEBUG" | "INFO" | "WARN" | "ERROR";

export type MCPStatus = (MCPStatusConnected) | (MCPStatusDisabled) | (MCPStatusFailed) | (MCPStatusNeedsAuth) | (MCPStatusNeedsClientRegistration);

export type MCPStatusConnected = { status: "connected" };

export type MCPStatusDisabled = { status: "disabled" };

export type MCPStatusFailed = { status: "failed"; error: string };

export type MCPStatusNeedsAuth = { status: "needs_auth" };

export type MCPStatusNeedsClientRegistration = { status: "needs_client_registration"; error: string };

export type McpLocalConfig = { type: "local"; command: (string)[]; cwd?: string; environment?: Record<string, string>; enabled?: boolean; timeout?: number };

export type McpLocalConfigGiven = { type: "local"; command: (string)[]; cwd?: string; environment?: Record<string, string>; enabled?: boolean; timeout?: number };

export type McpOAuthConfig = { clientId?: string; clientSecret?: string; scope?: string; callbackPort?: number; redirectUri?: string };

export type McpOAuthConfigGiven = { clientId?: string; clientSecret?: string; scope?: string; callbackPort?: number; redirectUri?: string };

export type McpRemoteConfig = { type: "remote"; url: string; enabled?: boolean; headers?: Record<string, string>; oauth?: (McpOAuthConfig) | (false); timeout?: number };

export type McpRemoteConfigGiven = { type: "remote"; url: string; enabled?: boolean; headers?: Record<string, string>; oauth?: (McpOAuthConfigGiven) | (false); timeout?: number };

export type McpResource = { name: string; uri: string; description?: string; mimeType?: string; client: string };

export type Memory = { id: string; projectID: string; directory: string; type: string; text: string; time: { created: number } };

export type Message = (UserMessage) | (AssistantMessage);

export type MessageAbortedError = { name: "MessageAbortedError"; data: { message: string } };

export type MessageAbortedErrorGiven = { name: "MessageAbortedError"; data: { message: string } };

export type MessageGiven = (UserMessageGiven) | (AssistantMessageGiven);

export type MessageOutputLengthError = { name: "MessageOutputLengthError"; data: Record<string, unknown> };

export type MessageOutputLengthErrorGiven = { name: "MessageOutputLengthError"; data: Record<string, unknown> };

export type Model = { id: string; providerID: string; api: { id: string; url: string; npm: string }; name: string; family?: string; capabilities: { temperature: boolean; reasoning: boolean; attachment: boolean; toolcall: boolean; input: { text: boolean; audio: boolean; image: boolean; video: boolean; pdf: boolean }; output: { text: boolean; audio: boolean; image: boolean; video: boolean; pdf: boolean }; interleaved: (boolean) | ({ field: ("reasoning" | "reasoning_content" | "reasoning_text") | (string) }) }; cost: { input: number; output: number; cache: { read: number; write: number }; tiers?: ({ input: number; output: number; cache: { read: number; write: number }; tier: { type: "context"; size: number } })[]; experimentalOver200K?: { input: number; output: number; cache: { read: number; write: number } } }; limit: { context: number; input?: number; output: number }; status: "alpha" | "beta" | "deprecated" | "active"; options: Record<string, unknown>; headers: Record<string, string>; release_date: string; variants?: Record<string, Record<string, unknown>> };

export type ModelApi = ({ id: string; type: "aisdk"; package: string; url?: string; settings?: Record<string, unknown> }) | ({ id: string; type: "native"; url?: string; settings: Record<string, unknown> });

export type ModelCapabilities = { tools: boolean; input: (string)[]; output: (string)[] };

export type ModelCost = { tier?: { type: "context"; size: number }; input: number; output: number; cache: { read: number; write: number } };

export type ModelRef = { id: string; providerID: string; variant?: string };

export type ModelV2Info = { id: string; providerID: string; family?: string; name: string; api: ModelApi; capabilities: ModelCapabilities; request: { headers: Record<string, string>; body: Record<string, unknown>; variant?: string }; variants: ({ id: string; headers: Record<string, string>; body: Record<string, unknown> })[]; time: { released: number }; cost: (ModelCost)[]; status: "alpha" | "beta" | "deprecated" | "active"; enabled: boolean; limit: { context: number; input?: number; output: number } };

export type OAuth = { type: "oauth"; refresh: string; access: string; expires: number; accountId?: string; enterpriseUrl?: string };

export type OutputFormat = (OutputFormatText) | (OutputFormatJsonSchema);

export type OutputFormatGiven = (OutputFormatTextGiven) | (OutputFormatJsonSchemaGiven);

export type OutputFormatJsonSchema = { type: "json_schema"; schema: JSONSchema; retryCount?: number };

export type OutputFormatJsonSchemaGiven = { type: "json_schema"; schema: JSONSchema; retryCount?: number };

export type OutputFormatText = { type: "text" };

export type OutputFormatTextGiven = { type: "text" };

export type Overview = { /** Of the log. The events after it tell what has happened since. */ position: number; /** The newest, and all that are at work or wait for an answer; latest change first. */ sessions: (Session)[]; /** Of the sessions that are not idle, by id. */ status: Record<string, SessionStatus>; /** What waits for an answer, oldest first. */ permissions: (PermissionRequest)[]; /** What waits for an answer, oldest first. */ questions: (QuestionRequest)[]; /** There are older sessions. */ more: boolean };

export type Part = (TextPart) | (SubtaskPart) | (ReasoningPart) | (FilePart) | (ToolPart) | (StepStartPart) | (StepFinishPart) | (SnapshotPart) | (PatchPart) | (AgentPart) | (RetryPart) | (CompactionPart);

export type PartGiven = (TextPartGiven) | (SubtaskPartGiven) | (ReasoningPartGiven) | (FilePartGiven) | (ToolPartGiven) | (StepStartPartGiven) | (StepFinishPartGiven) | (SnapshotPartGiven) | (PatchPartGiven) | (AgentPartGiven) | (RetryPartGiven) | (CompactionPartGiven);

export type PatchPart = { id: string; sessionID: string; messageID: string; type: "patch"; hash: string; files: (string)[] };

export type PatchPartGiven = { id: string; sessionID: string; messageID: string; type: "patch"; hash: string; files: (string)[] };

export type Path = { home: string; state: string; config: string; worktree: string; directory: string };

export type PermissionAction = "allow" | "deny" | "ask";

export type PermissionActionConfig = "ask" | "allow" | "deny";

export type PermissionConfig = (PermissionActionConfig) | ({ read?: PermissionRuleConfig; edit?: PermissionRuleConfig; glob?: PermissionRuleConfig; grep?: PermissionRuleConfig; list?: PermissionRuleConfig; bash?: PermissionRuleConfig; task?: PermissionRuleConfig; external_directory?: PermissionRuleConfig; todowrite?: PermissionActionConfig; question?: PermissionActionConfig; webfetch?: PermissionActionConfig; websearch?: PermissionActionConfig; lsp?: PermissionRuleConfig; doom_loop?: PermissionActionConfig; skill?: PermissionRuleConfig } & Record<string, PermissionRuleConfig>);

export type PermissionObjectConfig = Record<string, PermissionActionConfig>;

export type PermissionRequest = { id: string; sessionID: string; permission: string; patterns: (string)[]; metadata: Record<string, unknown>; always: (string)[]; tool?: { messageID: string; callID: string } };

export type PermissionRule = { permission: string; pattern: string; action: PermissionAction };

export type PermissionRuleConfig = (PermissionActionConfig) | (PermissionObjectConfig);

export type PermissionRuleGiven = { permission: string; pattern: string; action: PermissionAction };

export type PermissionRuleset = (PermissionRule)[];

export type PermissionRulesetGiven = (PermissionRuleGiven)[];

export type PermissionV2Effect = "allow" | "deny" | "ask";

export type PermissionV2Rule = { action: string; resource: string; effect: PermissionV2Effect };

export type PermissionV2Ruleset = (PermissionV2Rule)[];

export type PolicyEffect = "allow" | "deny";

export type Project = { id: string; worktree: string; vcs?: ProjectVcs; name?: string; icon?: ProjectIcon; commands?: ProjectCommands; time: ProjectTime; sandboxes: (string)[] };

export type ProjectCommands = { start?: string };

export type ProjectCommandsGiven = { start?: string };

export type ProjectDirectories = ({ directory: string; strategy?: string })[];

export type ProjectIcon = { url?: string; override?: string; color?: string };

export type ProjectIconGiven = { url?: string; override?: string; color?: string };

export type ProjectSummary = { id: string; name?: string; worktree: string };

export type ProjectTime = { created: number; updated: number; initialized?: number };

export type ProjectVcs = "git";

export type Provider = { id: string; name: string; source: "env" | "config" | "custom" | "api"; env: (string)[]; key?: string; options: Record<string, unknown>; models: Record<string, Model> };

export type ProviderAISDK = { type: "aisdk"; package: string; url?: string; settings?: Record<string, unknown> };

export type ProviderApi = (ProviderAISDK) | (ProviderNative);

export type ProviderAuthAuthorization = { url: string; method: "auto" | "code"; instructions: string };

export type ProviderAuthError = { name: "ProviderAuthError"; data: { providerID: string; message: string } };

export type ProviderAuthErrorGiven = { name: "ProviderAuthError"; data: { providerID: string; message: string } };

export type ProviderAuthMethod = { type: "oauth" | "api"; label: string; prompts?: (({ type: "text"; key: string; message: string; placeholder?: string; when?: { key: string; op: "eq" | "neq"; value: string } }) | ({ type: "select"; key: string; message: string; options: ({ label: string; value: string; hint?: string })[]; when?: { key: string; op: "eq" | "neq"; value: string } }))[] };

export type ProviderConfig = { oauth?: { authorizationURL?: string; tokenURL?: string; deviceURL?: string; clientID?: string; clientSecret?: string; scopes?: (string)[]; redirectURL?: string; parameters?: Record<string, string> }; api?: string; name?: string; env?: (string)[]; id?: string; npm?: string; whitelist?: (string)[]; blacklist?: (string)[]; options?: { apiKey?: string; baseURL?: string; enterpriseUrl?: string; setCacheKey?: boolean; timeout?: (number) | (false); headerTimeout?: (number) | (false); chunkTimeout?: (number) | (false) } & Record<string, unknown>; models?: Record<string, { id?: string; name?: string; family?: string; release_date?: string; attachment?: boolean; reasoning?: boolean; temperature?: boolean; tool_call?: boolean; interleaved?: (boolean) | ("reasoning" | "reasoning_content" | "reasoning_text") | (string) | ({ field: ("reasoning" | "reasoning_content" | "reasoning_text") | (string) }); cost?: { input: number; output: number; cache_read?: number; cache_write?: number; context_over_200k?: { input: number; output: number; cache_read?: number; cache_write?: number } }; limit?: { context: number; input?: number; output: number }; modalities?: { input?: ("text" | "audio" | "image" | "video" | "pdf")[]; output?: ("text" | "audio" | "image" | "video" | "pdf")[] }; experimental?: boolean; status?: "alpha" | "beta" | "deprecated" | "active"; provider?: { npm?: string; api?: string }; options?: Record<string, unknown>; headers?: Record<string, string>; variants?: Record<string, { disabled?: boolean } & Record<string, unknown>> }> };

export type ProviderConfigGiven = { oauth?: { authorizationURL?: string; tokenURL?: string; deviceURL?: string; clientID?: string; clientSecret?: string; scopes?: (string)[]; redirectURL?: string; parameters?: Record<string, string> }; api?: string; name?: string; env?: (string)[]; id?: string; npm?: string; whitelist?: (string)[]; blacklist?: (string)[]; options?: { apiKey?: string; baseURL?: string; enterpriseUrl?: string; setCacheKey?: boolean; timeout?: (number) | (false); headerTimeout?: (number) | (false); chunkTimeout?: (number) | (false) } & Record<string, unknown>; models?: Record<string, { id?: string; name?: string; family?: string; release_date?: string; attachment?: boolean; reasoning?: boolean; temperature?: boolean; tool_call?: boolean; interleaved?: (boolean) | ("reasoning" | "reasoning_content" | "reasoning_text") | (string) | ({ field: ("reasoning" | "reasoning_content" | "reasoning_text") | (string) }); cost?: { input: number; output: number; cache_read?: number; cache_write?: number; context_over_200k?: { input: number; output: number; cache_read?: number; cache_write?: number } }; limit?: { context: number; input?: number; output: number }; modalities?: { input?: ("text" | "audio" | "image" | "video" | "pdf")[]; output?: ("text" | "audio" | "image" | "video" | "pdf")[] }; experimental?: boolean; status?: "alpha" | "beta" | "deprecated" | "active"; provider?: { npm?: string; api?: string }; options?: Record<string, unknown>; headers?: Record<string, string>; variants?: Record<string, { disabled?: boolean } & Record<string, unknown>> }> };

export type ProviderKey = { providerID: string; name: string; source: "config" | "stored" | "env"; /** Of the environment. */ variable?: string; type: "key" | "login" | "wellknown"; /** Enough of it to tell two keys apart. */ masked: string; /** Epoch ms, of a login's token: it is renewed by itself. */ expires?: number; /** This one is sent. Others are there and do not count. */ used: boolean };

export type ProviderNative = { type: "native"; url?: string; settings: Record<string, unknown> };

export type ProviderRequest = { headers: Record<string, string>; body: Record<string, unknown> };

export type ProviderTest = { ok: boolean; providerID: string; modelID: string; milliseconds: number; error?: { message: string; /** That the provider answered with; none where it was not reached. */ status?: number } };

export type ProviderV2Info = { id: string; integrationID?: string; name: string; disabled?: boolean; api: ProviderApi; request: ProviderRequest };

export type QuestionAnswer = (string)[];

export type QuestionInfo = { question: string; header: string; options: (QuestionOption)[]; multiple?: boolean; custom?: boolean };

export type QuestionOption = { label: string; description: string };

export type QuestionRequest = { id: string; sessionID: string; questions: (QuestionInfo)[]; tool?: QuestionTool };

export type QuestionTool = { messageID: string; callID: string };

export type QueuedPrompt = { info: UserMessage; parts: (Part)[]; queue: "join" | "queue" | "interrupt" };

export type Range = { start: { line: number; character: number }; end: { line: number; character: number } };

export type RangeGiven = { start: { line: number; character: number }; end: { line: number; character: number } };

export type ReasoningPart = { id: string; sessionID: string; messageID: string; type: "reasoning"; text: string; metadata?: Record<string, unknown>; time: { start: number; end?: number } };

export type ReasoningPartGiven = { id: string; sessionID: string; messageID: string; type: "reasoning"; text: string; metadata?: Record<string, unknown>; time: { start: number; end?: number } };

export type ReferenceGitSource = { type: "git"; repository: string; branch?: string; description?: string; hidden?: boolean };

export type ReferenceInfo = { name: string; path: string; description?: string; hidden?: boolean; source: ReferenceSource };

export type ReferenceLocalSource = { type: "local"; path: string; description?: string; hidden?: boolean };

export type ReferenceSource = (ReferenceLocalSource) | (ReferenceGitSource);

export type ResourceSource = { text: FilePartSourceText; type: "resource"; clientName: string; uri: string };

export type ResourceSourceGiven = { text: FilePartSourceTextGiven; type: "resource"; clientName: string; uri: string };

export type Retention = { /** Sessions in which nothing was changed for longer are deleted. */ days: number; /** Sessions that are kept however old they are; none unless told. */ keep?: ("archived" | "shared" | "tagged")[] };

export type RetentionGiven = { /** Sessions in which nothing was changed for longer are deleted. */ days: number; /** Sessions that are kept however old they are; none unless told. */ keep?: ("archived" | "shared" | "tagged")[] };

export type RetryPart = { id: string; sessionID: string; messageID: string; type: "retry"; attempt: number; error: APIError; time: { created: number } };

export type RetryPartGiven = { id: string; sessionID: string; messageID: string; type: "retry"; attempt: number; error: APIErrorGiven; time: { created: number } };

export type ServerConfig = { port?: number; hostname?: string; mdns?: boolean; mdnsDomain?: string; cors?: (string)[]; resume?: "off" | "ask" | "safe" | "always"; askTimeout?: (number) | (false); limits?: Limits; retention?: Retention; traces?: { endpoint: string; headers?: Record<string, string> } };

export type ServerConfigGiven = { port?: number; hostname?: string; mdns?: boolean; mdnsDomain?: string; cors?: (string)[]; resume?: "off" | "ask" | "safe" | "always"; askTimeout?: (number) | (false); limits?: LimitsGiven; retention?: RetentionGiven; traces?: { endpoint: string; headers?: Record<string, string> } };

export type Session = { id: string; slug: string; projectID: string; workspaceID?: string; directory: string; path?: string; parentID?: string; summary?: { additions: number; deletions: number; files: number; diffs?: (SnapshotFileDiff)[] }; cost?: number; tokens?: { input: number; output: number; reasoning: number; cache: { read: number; write: number } }; share?: { url: string }; title: string; agent?: string; model?: { id: string; providerID: string; variant?: string }; version: string; metadata?: Record<string, unknown>; tags?: (string)[]; time: { created: number; updated: number; compacting?: number; archived?: number }; permission?: PermissionRuleset; revert?: { messageID: string; partID?: string; snapshot?: string; diff?: string } };

export type SessionBudget = { sessionID: string; session: { cap: { tokens?: number; cost?: number }; used: { tokens: number; cost: number }; reserved: { tokens: number; cost: number }; left: { tokens?: number; cost?: number }; excess: { tokens: number; cost: number } }; project: { cap: { tokens?: number; cost?: number }; used: { tokens: number; cost: number }; reserved: { tokens: number; cost: number }; left: { tokens?: number; cost?: number }; excess: { tokens: number; cost: number } }; day: { cap: { tokens?: number; cost?: number }; used: { tokens: number; cost: number }; reserved: { tokens: number; cost: number }; left: { tokens?: number; cost?: number }; excess: { tokens: number; cost: number }; date: string }; paused?: { message: string; since: number; next: number } };

export type SessionHit = { sessionID: string; title: string; directory: string; projectID: string; parentID?: string; archived?: number; messageID?: string; partID?: string; role?: "user" | "assistant"; /** Epoch ms: when the message was made, or the session changed last. */ time: number; snippet: string; /** Where in the snippet the words are. */ matches: ({ start: number; end: number })[] };

export type SessionHits = { items: (SessionHit)[]; /** Of the next page; there is none without. */ cursor?: string };

export type SessionPage = { items: (ListedSession)[]; /** Of the next page; there is none without. */ cursor?: string };

export type SessionPruneInput = { /** Sessions in which nothing was changed for longer are deleted. */ days: number; /** Sessions that are kept however old they are; none unless told. */ keep?: ("archived" | "shared" | "tagged")[]; dryRun?: boolean };

export type SessionState = { type: "busy" | "retry" | "waiting" | "error" | "idle"; /** Epoch ms: of the prompt that is being answered, of what is asked, of the last answer. */ since: number; /** Why it is retried, or what failed. */ message?: string; /** How many wait for an answer. */ permissions: number; /** How many wait for an answer. */ questions: number };

export type SessionStatus = ({ type: "idle" }) | ({ type: "retry"; attempt: number; message: string; action?: { reason: string; provider: string; title: string; message: string; label: string; link?: string }; next: number }) | ({ type: "busy" });

export type SharedSession = { session: { title: string; agent?: string; model?: { id: string; providerID: string; variant?: string }; version: string; time: { created: number; updated: number; compacting?: number; archived?: number }; summary?: { additions: number; deletions: number; files: number; diffs?: (SnapshotFileDiff)[] } }; /** A turn runs: more is to come. */ working: boolean; messages: ({ info: Message; parts: (Part)[] })[] };

export type SkillV2Info = { name: string; description?: string; slash?: boolean; location: string; content: string };

export type SnapshotFileDiff = { file?: string; patch?: string; additions: number; deletions: number; status?: "added" | "deleted" | "modified" };

export type SnapshotFileDiffGiven = { file?: string; patch?: string; additions: number; deletions: number; status?: "added" | "deleted" | "modified" };

export type SnapshotPart = { id: string; sessionID: string; messageID: string; type: "snapshot"; snapshot: string };

export type SnapshotPartGiven = { id: string; sessionID: string; messageID: string; type: "snapshot"; snapshot: string };

export type StepFinishPart = { id: string; sessionID: string; messageID: string; type: "step-finish"; reason: string; snapshot?: string; cost: number; tokens: { total?: number; input: number; output: number; reasoning: number; cache: { read: number; write: number } } };

export type StepFinishPartGiven = { id: string; sessionID: string; messageID: string; type: "step-finish"; reason: string; snapshot?: string; cost: number; tokens: { total?: number; input: number; output: number; reasoning: number; cache: { read: number; write: number } } };

export type StepStartPart = { id: string; sessionID: string; messageID: string; type: "step-start"; snapshot?: string };

export type StepStartPartGiven = { id: string; sessionID: string; messageID: string; type: "step-start"; snapshot?: string };

export type StructuredOutputError = { name: "StructuredOutputError"; data: { message: string; retries: number } };

export type StructuredOutputErrorGiven = { name: "StructuredOutputError"; data: { message: string; retries: number } };

export type SubtaskPart = { id: string; sessionID: string; messageID: string; type: "subtask"; prompt: string; description: string; agent: string; model?: { providerID: string; modelID: string }; command?: string };

export type SubtaskPartGiven = { id: string; sessionID: string; messageID: string; type: "subtask"; prompt: string; description: string; agent: string; model?: { providerID: string; modelID: string }; command?: string };

export type SubtaskPartInput = { id?: string; type: "subtask"; prompt: string; description: string; agent: string; model?: { providerID: string; modelID: string }; command?: string };

export type Symbol = { name: string; kind: number; location: { uri: string; range: Range } };

export type SymbolSource = { text: FilePartSourceText; type: "symbol"; path: string; range: Range; name: string; kind: number };

export type SymbolSourceGiven = { text: FilePartSourceTextGiven; type: "symbol"; path: string; range: RangeGiven; name: string; kind: number };

export type TextPart = { id: string; sessionID: string; messageID: string; type: "text"; text: string; synthetic?: boolean; ignored?: boolean; time?: { start: number; end?: number }; metadata?: Record<string, unknown> };

export type TextPartGiven = { id: string; sessionID: string; messageID: string; type: "text"; text: string; synthetic?: boolean; ignored?: boolean; time?: { start: number; end?: number }; metadata?: Record<string, unknown> };

export type TextPartInput = { id?: string; type: "text"; text: string; synthetic?: boolean; ignored?: boolean; time?: { start: number; end?: number }; metadata?: Record<string, unknown> };

export type Timeline = { /** Oldest first. */ turns: (TimelineTurn)[]; /** There are earlier turns: those before this one. */ before?: string };

export type TimelineStep = { messageID: string; agent: string; providerID: string; modelID: string; /** It wrote a handover. */ summary: boolean; start: number; firstToken?: number; /** When the model had said all. */ streamEnd?: number; end?: number; finish?: string; error?: { name: string; message: string }; tokens: { total?: number; input: number; output: number; reasoning: number; cache: { read: number; write: number } }; cost: number; retries: ({ at: number; attempt: number; message: string; next: number })[]; tools: (TimelineTool)[]; /** Those that belong to none of the tools. */ waits: (TimelineWait)[] };

export type TimelineTool = { partID: string; callID: string; tool: string; title?: string; state: "pending" | "running" | "completed" | "error"; /** The error is that it was not allowed. */ denied?: true; /** When the model began to write the call. */ requested?: number; start?: number; end?: number; /** Of the sub-agent that did it: it has a timeline of its own. */ sessionID?: string; waits: (TimelineWait)[] };

export type TimelineTurn = { messageID: string; state: "queued" | "running" | "completed" | "aborted" | "error" | "unanswered"; /** When the prompt came. */ queued: number; start?: number; end?: number; tokens: { total?: number; input: number; output: number; reasoning: number; cache: { read: number; write: number } }; cost: number; steps: (TimelineStep)[] };

export type TimelineWait = { kind: "permission" | "question"; requestID: string; /** Of the permission. */ name?: string; start: number; end?: number; /** once, always, reject; answered or rejected. */ answer?: string };

export type Todo = { content: string; status: string; priority: string };

export type Token = { id: string; name: string; scope: "read" | "prompt" | "admin"; directories?: (string)[]; created: number; expires?: number; revoked?: number };

export type ToolAnswer = { title: string; output: string; metadata: Record<string, unknown>; attachments?: ({ mime: string; url: string; filename?: string })[]; sessionID: string; messageID: string; callID: string };

export type ToolIDs = (string)[];

export type ToolList = (ToolListItem)[];

export type ToolListItem = { id: string; description: string; parameters: unknown };

export type ToolPart = { id: string; sessionID: string; messageID: string; type: "tool"; callID: string; tool: string; state: ToolState; metadata?: Record<string, unknown> };

export type ToolPartGiven = { id: string; sessionID: string; messageID: string; type: "tool"; callID: string; tool: string; state: ToolStateGiven; metadata?: Record<string, unknown> };

export type ToolState = (ToolStatePending) | (ToolStateRunning) | (ToolStateCompleted) | (ToolStateError);

export type ToolStateCompleted = { status: "completed"; input: Record<string, unknown>; output: string; title: string; metadata: Record<string, unknown>; time: { start: number; end: number; compacted?: number }; attachments?: (FilePart)[] };

export type ToolStateCompletedGiven = { status: "completed"; input: Record<string, unknown>; output: string; title: string; metadata: Record<string, unknown>; time: { start: number; end: number; compacted?: number }; attachments?: (FilePartGiven)[] };

export type ToolStateError = { status: "error"; input: Record<string, unknown>; error: string; metadata?: Record<string, unknown>; time: { start: number; end: number } };

export type ToolStateErrorGiven = { status: "error"; input: Record<string, unknown>; error: string; metadata?: Record<string, unknown>; time: { start: number; end: number } };

export type ToolStateGiven = (ToolStatePendingGiven) | (ToolStateRunningGiven) | (ToolStateCompletedGiven) | (ToolStateErrorGiven);

export type ToolStatePending = { status: "pending"; input: Record<string, unknown>; raw: string };

export type ToolStatePendingGiven = { status: "pending"; input: Record<string, unknown>; raw: string };

export type ToolStateRunning = { status: "running"; input: Record<string, unknown>; title?: string; metadata?: Record<string, unknown>; time: { start: number } };

export type ToolStateRunningGiven = { status: "running"; input: Record<string, unknown>; title?: string; metadata?: Record<string, unknown>; time: { start: number } };

export type UndoneFile = { file: string; outcome: "undone" | "redone" | "unchanged" | "conflict"; /** A command changed it: that is known only from the file before and after. */ inferred: boolean };

export type UnknownError = { name: "UnknownError"; data: { message: string; ref?: string } };

export type UnknownErrorGiven = { name: "UnknownError"; data: { message: string; ref?: string } };

export type UsageReport = { items: (UsageRow)[]; total: { calls: number; tokens: { total: number; /** Without what came from the cache or went there. */ input: number; output: number; reasoning: number; cache: { read: number; write: number } }; /** Dollars. */ cost: number }; /** There are more rows than were asked for. The total counts all. */ more: boolean };

export type UsageRow = { calls: number; tokens: { total: number; /** Without what came from the cache or went there. */ input: number; output: number; reasoning: number; cache: { read: number; write: number } }; /** Dollars. */ cost: number; /** As in 2026-01-31, in the time zone that was asked for. */ day?: string; projectID?: string; providerID?: string; modelID?: string; sessionID?: string; /** Of the session; none of one that was deleted. */ title?: string };

export type UserMessage = { id: string; sessionID: string; role: "user"; time: { created: number }; format?: OutputFormat; summary?: { title?: string; body?: string; diffs: (SnapshotFileDiff)[] }; agent: string; model: { providerID: string; modelID: string; variant?: string }; system?: string; tools?: Record<string, boolean> };

export type UserMessageGiven = { id: string; sessionID: string; role: "user"; time: { created: number }; format?: OutputFormatGiven; summary?: { title?: string; body?: string; diffs: (SnapshotFileDiffGiven)[] }; agent: string; model: { providerID: string; modelID: string; variant?: string }; system?: string; tools?: Record<string, boolean> };

export type VcsFileDiff = { file: string; patch?: string; additions: number; deletions: number; status?: "added" | "deleted" | "modified" };

export type VcsFileStatus = { file: string; additions: number; deletions: number; status: "added" | "deleted" | "modified" };

export type VcsInfo = { branch?: string; default_branch?: string };

export type WellKnownAuth = { type: "wellknown"; key: string; token: string };

export type Workspace = { id: string; type: string; name: string; branch?: string | null; directory?: string | null; extra?: (unknown) | (null); projectID: string; timeUsed: (number) | ("NaN") | ("Infinity") | ("-Infinity") | ("Infinity" | "-Infinity" | "NaN") };

export type WorkspaceEventConnectionStatus = { workspaceID: string; status: "connected" | "connecting" | "disconnected" | "error" };

/** The shape of every error. */
export interface ErrorShape { message: string; code: number; data: Pick<TRPCDefaultErrorData, "code" | "httpStatus" | "path"> & { name: string; data: Record<string, unknown> } }

interface Root { ctx: object; meta: object; errorShape: ErrorShape; transformer: true }

export type AppRouter = TRPCBuiltRouter<Root, {
  "agent": {
    "list": TRPCQueryProcedure<{ input: void; output: (Agent)[]; meta: unknown }>;
  };
  "api": {
    "chat": TRPCMutationProcedure<{ input: ChatInput; output: ChatAnswer; meta: unknown }>;
    "stream": TRPCSubscriptionProcedure<{ input: ChatInput; output: AsyncIterable<ChatFrame, void>; meta: unknown }>;
    "sessions": TRPCQueryProcedure<{ input: void; output: (ChatSession)[]; meta: unknown }>;
    "session": TRPCQueryProcedure<{ input: { sessionId: string }; output: ChatHistory; meta: unknown }>;
    "deleteSession": TRPCMutationProcedure<{ input: { sessionId: string }; output: boolean; meta: unknown }>;
    "status": TRPCQueryProcedure<{ input: void; output: ChatStatus; meta: unknown }>;
    "models": TRPCQueryProcedure<{ input: void; output: (ChatModel)[]; meta: unknown }>;
    "providers": TRPCQueryProcedure<{ input: void; output: (ChatProvider)[]; meta: unknown }>;
    "agents": TRPCQueryProcedure<{ input: void; output: (ChatAgent)[]; meta: unknown }>;
    "located": {
      "health": TRPCQueryProcedure<{ input: void; output: { healthy: true }; meta: unknown }>;
      "location": TRPCQueryProcedure<{ input: void; output: LocationInfo; meta: unknown }>;
      "agents": TRPCQueryProcedure<{ input: void; output: { location: LocationInfo; data: (AgentV2Info)[] }; meta: unknown }>;
      "models": TRPCQueryProcedure<{ input: void; output: { location: LocationInfo; data: (ModelV2Info)[] }; meta: unknown }>;
      "providers": TRPCQueryProcedure<{ input: void; output: { location: LocationInfo; data: (ProviderV2Info)[] }; meta: unknown }>;
      "integrations": TRPCQueryProcedure<{ input: void; output: { location: LocationInfo; data: (IntegrationInfo)[] }; meta: unknown }>;
      "references": TRPCQueryProcedure<{ input: void; output: { location: LocationInfo; data: (ReferenceInfo)[] }; meta: unknown }>;
      "commands": TRPCQueryProcedure<{ input: void; output: { location: LocationInfo; data: (CommandV2Info)[] }; meta: unknown }>;
      "skills": TRPCQueryProcedure<{ input: void; output: { location: LocationInfo; data: (SkillV2Info)[] }; meta: unknown }>;
    };
  };
  "audit": {
    "list": TRPCQueryProcedure<{ input: { before?: number; limit?: number; action?: string; actor?: string; id?: string; from?: number; to?: number }; output: (AuditRecord)[]; meta: unknown }>;
    "verify": TRPCQueryProcedure<{ input: { head?: string }; output: AuditReport; meta: unknown }>;
  };
  "auth": {
    "list": TRPCQueryProcedure<{ input: void; output: (ProviderKey)[]; meta: unknown }>;
    "set": TRPCMutationProcedure<{ input: { providerID: string; auth: Auth }; output: boolean; meta: unknown }>;
    "remove": TRPCMutationProcedure<{ input: { providerID: string }; output: boolean; meta: unknown }>;
  };
  "command": {
    "list": TRPCQueryProcedure<{ input: void; output: (Command)[]; meta: unknown }>;
  };
  "config": {
    "get": TRPCQueryProcedure<{ input: void; output: Config; meta: unknown }>;
    "providers": TRPCQueryProcedure<{ input: void; output: { providers: (Provider)[]; default: Record<string, string> }; meta: unknown }>;
    "explain": TRPCQueryProcedure<{ input: void; output: (ConfigSetting)[]; meta: unknown }>;
    "schema": TRPCQueryProcedure<{ input: void; output: Record<string, unknown>; meta: unknown }>;
    "update": TRPCMutationProcedure<{ input: { config: ConfigGiven }; output: Config; meta: unknown }>;
    "provider": TRPCMutationProcedure<{ input: { oauth?: { authorizationURL?: string; tokenURL?: string; deviceURL?: string; clientID?: string; clientSecret?: string; scopes?: (string)[]; redirectURL?: string; parameters?: Record<string, string> }; api?: string; name?: string; env?: (string)[]; id: string; npm?: string; whitelist?: (string)[]; blacklist?: (string)[]; options?: { apiKey?: string; baseURL?: string; enterpriseUrl?: string; setCacheKey?: boolean; timeout?: (number) | (false); headerTimeout?: (number) | (false); chunkTimeout?: (number) | (false) } & Record<string, unknown>; models?: Record<string, { id?: string; name?: string; family?: string; release_date?: string; attachment?: boolean; reasoning?: boolean; temperature?: boolean; tool_call?: boolean; interleaved?: (boolean) | ("reasoning" | "reasoning_content" | "reasoning_text") | (string) | ({ field: ("reasoning" | "reasoning_content" | "reasoning_text") | (string) }); cost?: { input: number; output: number; cache_read?: number; cache_write?: number; context_over_200k?: { input: number; output: number; cache_read?: number; cache_write?: number } }; limit?: { context: number; input?: number; output: number }; modalities?: { input?: ("text" | "audio" | "image" | "video" | "pdf")[]; output?: ("text" | "audio" | "image" | "video" | "pdf")[] }; experimental?: boolean; status?: "alpha" | "beta" | "deprecated" | "active"; provider?: { npm?: string; api?: string }; options?: Record<string, unknown>; headers?: Record<string, string>; variants?: Record<string, { disabled?: boolean } & Record<string, unknown>> }> }; output: Config; meta: unknown }>;
    "model": TRPCMutationProcedure<{ input: { model: string }; output: Config; meta: unknown }>;
  };
  "doctor": {
    "check": TRPCQueryProcedure<{ input: void; output: (Finding)[]; meta: unknown }>;
  };
  "event": {
    "subscribe": TRPCSubscriptionProcedure<{ input: { lastEventId?: string; after?: number; directory?: "all"; legacy?: boolean } | undefined | void; output: AsyncIterable<{ id: string; data: Event }, void>; meta: unknown }>;
  };
  "experimental": {
    "toolIDs": TRPCQueryProcedure<{ input: void; output: ToolIDs; meta: unknown }>;
    "tools": TRPCQueryProcedure<{ input: { provider: string; model: string }; output: ToolList; meta: unknown }>;
    "resources": TRPCQueryProcedure<{ input: void; output: Record<string, McpResource>; meta: unknown }>;
    "capabilities": TRPCQueryProcedure<{ input: void; output: ExperimentalCapabilities; meta: unknown }>;
    "console": TRPCQueryProcedure<{ input: void; output: ConsoleState; meta: unknown }>;
    "workspaces": TRPCQueryProcedure<{ input: void; output: (Workspace)[]; meta: unknown }>;
    "workspaceStatus": TRPCQueryProcedure<{ input: void; output: (WorkspaceEventConnectionStatus)[]; meta: unknown }>;
  };
  "file": {
    "list": TRPCQueryProcedure<{ input: { path: string }; output: (FileNode)[]; meta: unknown }>;
    "content": TRPCQueryProcedure<{ input: { path: string }; output: FileContent; meta: unknown }>;
    "status": TRPCQueryProcedure<{ input: void; output: (File)[]; meta: unknown }>;
    "search": TRPCQueryProcedure<{ input: { query?: string; pattern?: string; type?: "file" | "directory"; limit?: number }; output: ((string)[]) | (({ path: { text: string }; lines: { text: string }; line_number: number; absolute_offset: number; submatches: ({ match: { text: string }; start: number; end: number })[] })[]); meta: unknown }>;
    "get": TRPCQueryProcedure<{ input: { path: string }; output: FileContent; meta: unknown }>;
    "statusOf": TRPCQueryProcedure<{ input: { path: string }; output: (File)[]; meta: unknown }>;
  };
  "find": {
    "text": TRPCQueryProcedure<{ input: { pattern: string }; output: ({ path: { text: string }; lines: { text: string }; line_number: number; absolute_offset: number; submatches: ({ match: { text: string }; start: number; end: number })[] })[]; meta: unknown }>;
    "files": TRPCQueryProcedure<{ input: { query: string; dirs?: "true" | "false"; type?: "file" | "directory"; limit?: number }; output: (string)[]; meta: unknown }>;
    "symbols": TRPCQueryProcedure<{ input: { query: string }; output: (Symbol)[]; meta: unknown }>;
  };
  "formatter": {
    "status": TRPCQueryProcedure<{ input: void; output: (FormatterStatus)[]; meta: unknown }>;
  };
  "global": {
    "health": TRPCQueryProcedure<{ input: void; output: { healthy: true; version: string }; meta: unknown }>;
    "overview": TRPCQueryProcedure<{ input: { /** Sessions; 200 unless told. */ limit?: number }; output: Overview; meta: unknown }>;
    "config": TRPCQueryProcedure<{ input: void; output: Config; meta: unknown }>;
    "updateConfig": TRPCMutationProcedure<{ input: { config: ConfigGiven }; output: Config; meta: unknown }>;
    "dispose": TRPCMutationProcedure<{ input: void; output: boolean; meta: unknown }>;
  };
  "instance": {
    "dispose": TRPCMutationProcedure<{ input: void; output: boolean; meta: unknown }>;
  };
  "log": {
    "write": TRPCMutationProcedure<{ input: { service: string; level: "debug" | "info" | "error" | "warn"; message: string; extra?: Record<string, unknown> }; output: boolean; meta: unknown }>;
  };
  "lsp": {
    "status": TRPCQueryProcedure<{ input: void; output: (LSPStatus)[]; meta: unknown }>;
  };
  "mcp": {
    "auth": {
      "list": TRPCQueryProcedure<{ input: void; output: (string)[]; meta: unknown }>;
      "start": TRPCMutationProcedure<{ input: { name: string }; output: { authorizationUrl: string; oauthState: string }; meta: unknown }>;
      "callback": TRPCMutationProcedure<{ input: { name: string; code: string }; output: MCPStatus; meta: unknown }>;
      "authenticate": TRPCMutationProcedure<{ input: { name: string }; output: MCPStatus; meta: unknown }>;
      "remove": TRPCMutationProcedure<{ input: { name: string }; output: { success: true }; meta: unknown }>;
    };
    "status": TRPCQueryProcedure<{ input: void; output: Record<string, MCPStatus>; meta: unknown }>;
    "add": TRPCMutationProcedure<{ input: { name: string; config: (McpLocalConfigGiven) | (McpRemoteConfigGiven) }; output: Record<string, MCPStatus>; meta: unknown }>;
    "connect": TRPCMutationProcedure<{ input: { name: string }; output: boolean; meta: unknown }>;
    "disconnect": TRPCMutationProcedure<{ input: { name: string }; output: boolean; meta: unknown }>;
  };
  "memory": {
    "list": TRPCQueryProcedure<{ input: { type?: string; recent?: number }; output: (Memory)[]; meta: unknown }>;
    "remove": TRPCMutationProcedure<{ input: { memoryID: string }; output: boolean; meta: unknown }>;
  };
  "path": {
    "get": TRPCQueryProcedure<{ input: void; output: Path; meta: unknown }>;
  };
  "permission": {
    "list": TRPCQueryProcedure<{ input: void; output: (PermissionRequest)[]; meta: unknown }>;
    "reply": TRPCMutationProcedure<{ input: { requestID: string; reply: "once" | "session" | "always" | "reject"; message?: string }; output: boolean; meta: unknown }>;
  };
  "project": {
    "list": TRPCQueryProcedure<{ input: void; output: (Project)[]; meta: unknown }>;
    "current": TRPCQueryProcedure<{ input: void; output: Project; meta: unknown }>;
    "update": TRPCMutationProcedure<{ input: { name?: string; icon?: ProjectIconGiven; commands?: ProjectCommandsGiven; projectID: string }; output: Project; meta: unknown }>;
    "directories": TRPCQueryProcedure<{ input: { projectID: string }; output: ProjectDirectories; meta: unknown }>;
  };
  "provider": {
    "list": TRPCQueryProcedure<{ input: void; output: { all: (Provider)[]; default: Record<string, string>; connected: (string)[] }; meta: unknown }>;
    "auth": TRPCQueryProcedure<{ input: void; output: Record<string, (ProviderAuthMethod)[]>; meta: unknown }>;
    "test": TRPCMutationProcedure<{ input: { providerID: string; modelID?: string; key?: string }; output: ProviderTest; meta: unknown }>;
    "oauth": {
      "authorize": TRPCMutationProcedure<{ input: { providerID: string; method: number; inputs?: Record<string, string> }; output: ProviderAuthAuthorization; meta: unknown }>;
      "callback": TRPCMutationProcedure<{ input: { providerID: string; method: number; code?: string }; output: boolean; meta: unknown }>;
    };
  };
  "question": {
    "list": TRPCQueryProcedure<{ input: void; output: (QuestionRequest)[]; meta: unknown }>;
    "reply": TRPCMutationProcedure<{ input: { requestID: string; answers: (QuestionAnswer)[] }; output: boolean; meta: unknown }>;
    "reject": TRPCMutationProcedure<{ input: { requestID: string }; output: boolean; meta: unknown }>;
  };
  "session": {
    "create": TRPCMutationProcedure<{ input: { parentID?: string; title?: string; agent?: string; model?: { id: string; providerID: string; variant?: string }; metadata?: Record<string, unknown>; permission?: PermissionRulesetGiven }; output: Session; meta: unknown }>;
    "list": TRPCQueryProcedure<{ input: { scope?: "project"; path?: string; roots?: (boolean) | ("true" | "false"); start?: number; search?: string; limit?: number }; output: (Session)[]; meta: unknown }>;
    "status": TRPCQueryProcedure<{ input: void; output: Record<string, SessionStatus>; meta: unknown }>;
    "get": TRPCQueryProcedure<{ input: { sessionID: string }; output: Session; meta: unknown }>;
    "update": TRPCMutationProcedure<{ input: { sessionID: string; title?: string; metadata?: Record<string, unknown>; permission?: PermissionRulesetGiven; tags?: (string)[]; time?: { archived?: number } }; output: Session; meta: unknown }>;
    "delete": TRPCMutationProcedure<{ input: { sessionID: string }; output: boolean; meta: unknown }>;
    "children": TRPCQueryProcedure<{ input: { sessionID: string }; output: (Session)[]; meta: unknown }>;
    "todo": TRPCQueryProcedure<{ input: { sessionID: string }; output: (Todo)[]; meta: unknown }>;
    "all": TRPCQueryProcedure<{ input: { projectID?: string; roots?: (boolean) | ("true" | "false"); start?: number; search?: string; archived?: "without" | "with" | "only"; tags?: (string)[]; active?: (boolean) | ("true" | "false"); limit?: number; cursor?: string }; output: SessionPage; meta: unknown }>;
    "search": TRPCQueryProcedure<{ input: { query: string; projectID?: string; sessionID?: string; archived?: (boolean) | ("true" | "false"); limit?: number; cursor?: string }; output: SessionHits; meta: unknown }>;
    "bulk": TRPCMutationProcedure<{ input: { ids: (string)[]; change: ({ action: "delete" }) | ({ action: "archive" }) | ({ action: "unarchive" }) | ({ action: "tag"; add?: (string)[]; remove?: (string)[] }) }; output: (BulkResult)[]; meta: unknown }>;
    "prune": TRPCMutationProcedure<{ input: SessionPruneInput; output: { sessions: (string)[] }; meta: unknown }>;
    "prompt": TRPCMutationProcedure<{ input: { sessionID: string; messageID?: string; model?: ({ providerID: string; modelID: string; variant?: string }) | (string); agent?: string; noReply?: boolean; tools?: Record<string, boolean>; format?: OutputFormatGiven; system?: string; variant?: string; queue?: "join" | "queue" | "interrupt" | "reject"; parts: ((TextPartInput) | (FilePartInputGiven) | (AgentPartInput) | (SubtaskPartInput))[] }; output: { info: Message; parts: (Part)[] }; meta: unknown }>;
    "promptAsync": TRPCMutationProcedure<{ input: { sessionID: string; messageID?: string; model?: ({ providerID: string; modelID: string; variant?: string }) | (string); agent?: string; noReply?: boolean; tools?: Record<string, boolean>; format?: OutputFormatGiven; system?: string; variant?: string; queue?: "join" | "queue" | "interrupt" | "reject"; parts: ((TextPartInput) | (FilePartInputGiven) | (AgentPartInput) | (SubtaskPartInput))[] }; output: void; meta: unknown }>;
    "summarize": TRPCMutationProcedure<{ input: { sessionID: string; providerID: string; modelID: string; auto?: boolean }; output: boolean; meta: unknown }>;
    "messages": TRPCQueryProcedure<{ input: { sessionID: string; limit?: number; before?: string }; output: ({ info: Message; parts: (Part)[] })[]; meta: unknown }>;
    "message": TRPCQueryProcedure<{ input: { sessionID: string; messageID: string }; output: { info: Message; parts: (Part)[] }; meta: unknown }>;
    "abort": TRPCMutationProcedure<{ input: { sessionID: string }; output: boolean; meta: unknown }>;
    "respond": TRPCMutationProcedure<{ input: { sessionID: string; permissionID: string; response: "once" | "always" | "reject"; remember?: boolean }; output: boolean; meta: unknown }>;
    "budget": TRPCQueryProcedure<{ input: { sessionID: string }; output: SessionBudget; meta: unknown }>;
    "setBudget": TRPCMutationProcedure<{ input: { sessionID: string; tokens?: (number) | (null); cost?: (number) | (null) }; output: SessionBudget; meta: unknown }>;
    "timeline": TRPCQueryProcedure<{ input: { sessionID: string; /** Of a prompt: its turn alone. */ messageID?: string; /** Turns; 20 unless told. */ limit?: number; /** The turns before that of this prompt. */ before?: string }; output: Timeline; meta: unknown }>;
    "diff": TRPCQueryProcedure<{ input: { sessionID: string; messageID?: string; file?: string; context?: number }; output: (SnapshotFileDiff)[]; meta: unknown }>;
    "undoFiles": TRPCMutationProcedure<{ input: { sessionID: string; files?: (string)[]; messageID?: string; redo?: boolean }; output: FileUndo; meta: unknown }>;
    "revert": TRPCMutationProcedure<{ input: { sessionID: string; messageID: string; partID?: string }; output: Session; meta: unknown }>;
    "unrevert": TRPCMutationProcedure<{ input: { sessionID: string }; output: Session; meta: unknown }>;
    "fork": TRPCMutationProcedure<{ input: { sessionID: string; messageID?: string }; output: Session; meta: unknown }>;
    "import": TRPCMutationProcedure<{ input: { info: { title: string; revert?: { messageID: string; partID?: string } }; messages: ({ info: MessageGiven; parts: (PartGiven)[] })[] }; output: Session; meta: unknown }>;
    "share": TRPCMutationProcedure<{ input: { sessionID: string }; output: Session; meta: unknown }>;
    "unshare": TRPCMutationProcedure<{ input: { sessionID: string }; output: Session; meta: unknown }>;
    "queue": TRPCQueryProcedure<{ input: { sessionID: string }; output: (QueuedPrompt)[]; meta: unknown }>;
    "cancelQueued": TRPCMutationProcedure<{ input: { sessionID: string; messageID: string }; output: boolean; meta: unknown }>;
    "command": TRPCMutationProcedure<{ input: { sessionID: string; messageID?: string; agent?: string; model?: string; arguments: string; command: string; variant?: string; parts?: ({ id?: string; type: "file"; mime: string; filename?: string; url: string; source?: FilePartSourceGiven })[] }; output: { info: AssistantMessage; parts: (Part)[] }; meta: unknown }>;
    "init": TRPCMutationProcedure<{ input: { sessionID: string; modelID: string; providerID: string; messageID: string }; output: boolean; meta: unknown }>;
    "shell": TRPCMutationProcedure<{ input: { sessionID: string; messageID?: string; agent: string; model?: { providerID: string; modelID: string }; command: string }; output: { info: Message; parts: (Part)[] }; meta: unknown }>;
  };
  "share": {
    "get": TRPCQueryProcedure<{ input: { secret: string }; output: SharedSession; meta: unknown }>;
  };
  "skill": {
    "list": TRPCQueryProcedure<{ input: void; output: ({ name: string; description?: string; location: string; content: string })[]; meta: unknown }>;
  };
  "tool": {
    "list": TRPCQueryProcedure<{ input: void; output: ToolList; meta: unknown }>;
    "run": TRPCMutationProcedure<{ input: { name: string; sessionID?: string; input: Record<string, unknown> }; output: ToolAnswer; meta: unknown }>;
  };
  "token": {
    "list": TRPCQueryProcedure<{ input: void; output: (Token)[]; meta: unknown }>;
    "create": TRPCMutationProcedure<{ input: { scope: "read" | "prompt" | "admin"; name?: string; /** Epoch milliseconds; without it the token does not expire */ expires?: number; /** Absolute paths the token is limited to, with what is below them */ directories?: (string)[] }; output: { token: Token; secret: string }; meta: unknown }>;
    "revoke": TRPCMutationProcedure<{ input: { tokenID: string }; output: Token; meta: unknown }>;
    "ticket": TRPCMutationProcedure<{ input: void; output: { ticket: string; /** Epoch milliseconds */ expires: number }; meta: unknown }>;
  };
  "tui": {
    "ask": TRPCMutationProcedure<{ input: { path: string; body: unknown }; output: unknown; meta: unknown }>;
    "next": TRPCQueryProcedure<{ input: void; output: { path: string; body: unknown }; meta: unknown }>;
    "respond": TRPCMutationProcedure<{ input: { response: unknown }; output: boolean; meta: unknown }>;
    "openHelp": TRPCMutationProcedure<{ input: void; output: boolean; meta: unknown }>;
    "openSessions": TRPCMutationProcedure<{ input: void; output: boolean; meta: unknown }>;
    "openThemes": TRPCMutationProcedure<{ input: void; output: boolean; meta: unknown }>;
    "openModels": TRPCMutationProcedure<{ input: void; output: boolean; meta: unknown }>;
    "openDialog": TRPCMutationProcedure<{ input: { dialog: "help" | "sessions" | "themes" | "models" }; output: boolean; meta: unknown }>;
    "submitPrompt": TRPCMutationProcedure<{ input: void; output: boolean; meta: unknown }>;
    "clearPrompt": TRPCMutationProcedure<{ input: void; output: boolean; meta: unknown }>;
    "appendPrompt": TRPCMutationProcedure<{ input: { text: string }; output: boolean; meta: unknown }>;
    "replacePrompt": TRPCMutationProcedure<{ input: { text: string }; output: boolean; meta: unknown }>;
    "executeCommand": TRPCMutationProcedure<{ input: { command: string }; output: boolean; meta: unknown }>;
    "showToast": TRPCMutationProcedure<{ input: { title?: string; message: string; variant: "info" | "success" | "warning" | "error"; duration?: number }; output: boolean; meta: unknown }>;
    "publish": TRPCMutationProcedure<{ input: { event: (EventTuiPromptAppend) | (EventTuiCommandExecute) | (EventTuiToastShow) | (EventTuiSessionSelect) }; output: boolean; meta: unknown }>;
    "selectSession": TRPCMutationProcedure<{ input: { sessionID: string }; output: boolean; meta: unknown }>;
  };
  "usage": {
    "report": TRPCQueryProcedure<{ input: { /** One row for each combination; day and model unless told. */ by?: ("day" | "project" | "model" | "session")[]; /** Epoch ms. */ from?: number; /** Epoch ms, not included. */ to?: number; /** Minutes that the caller's clock is ahead of UTC, for the days; 0 unless told. */ offset?: number; projectID?: string; sessionID?: string; providerID?: string; modelID?: string; /** Rows; 1,000 unless told. */ limit?: number }; output: UsageReport; meta: unknown }>;
  };
  "vcs": {
    "get": TRPCQueryProcedure<{ input: void; output: VcsInfo; meta: unknown }>;
    "status": TRPCQueryProcedure<{ input: void; output: (VcsFileStatus)[]; meta: unknown }>;
    "diff": TRPCQueryProcedure<{ input: { mode: "git" | "branch"; context?: number; file?: string }; output: (VcsFileDiff)[]; meta: unknown }>;
    "applyPatch": TRPCMutationProcedure<{ input: { patch: string }; output: { applied: boolean }; meta: unknown }>;
  };
}>;

