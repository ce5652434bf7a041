import { McpServer } from "@modelcontextprotocol/sdk/server/mcp.js";
import { StdioServerTransport } from "@modelcontextprotocol/sdk/server/stdio.js";
import type { RequestHandlerExtra } from "@modelcontextprotocol/sdk/shared/protocol.js";
import type { ServerNotification, ServerRequest } from "@modelcontextprotocol/sdk/types.js";
import { createClient, type PermissionReply, type PermissionRequest, type RunOptions } from "codeport/client";
import { z } from "zod";

/** Sessions as tools for other agents, over standard input and output. What an agent here asks for is asked of whoever uses the tools. */

const { CODEPORT_URL: url = "http://127.0.0.1:4096", OPENCODE_SERVER_PASSWORD: password } = process.env;
await using client = createClient({ url, password, directory: process.env.CODEPORT_DIRECTORY });
const server = new McpServer({ name: "codeport", version: "1.0.0" });

type Extra = RequestHandlerExtra<ServerRequest, ServerNotification>;

const answer = { sessionID: z.string(), text: z.string(), cost: z.number().describe("US dollars"), error: z.string().optional() };
const sessionID = z.string().describe("As start and list give it");

server.registerTool(
  "start",
  {
    description: "Gives a task to a coding agent in a new session and waits for its answer.",
    inputSchema: { prompt: z.string(), title: z.string().optional() },
    outputSchema: answer,
  },
  ({ prompt, title }, extra) => run({ text: prompt, title }, extra),
);

server.registerTool(
  "continue",
  { description: "Says something more to the agent of a session.", inputSchema: { sessionID, prompt: z.string() }, outputSchema: answer },
  ({ sessionID: id, prompt }, extra) => run({ text: prompt, sessionID: id }, extra),
);

server.registerTool(
  "list",
  {
    description: "Lists sessions, the newest first.",
    inputSchema: { search: z.string().optional(), limit: z.number().int().min(1).max(100).default(20) },
    annotations: { readOnlyHint: true },
  },
  async ({ search, limit }) => {
    const sessions = await client.api.session.list.query({ search, limit });
    return text(sessions.map(({ id, title }) => `${id} ${title}`).join("\n") || "There are none.");
  },
);

server.registerTool(
  "read",
  { description: "Shows what was said in a session.", inputSchema: { sessionID }, annotations: { readOnlyHint: true } },
  async ({ sessionID: id }) => {
    const messages = await client.api.session.messages.query({ sessionID: id });
    const said = messages.map(
      ({ info, parts }) => `${info.role}: ${parts.flatMap((part) => (part.type === "text" ? [part.text] : [])).join("\n")}`,
    );
    return text(said.join("\n\n"));
  },
);

server.registerTool("stop", { description: "Stops what a session is doing.", inputSchema: { sessionID } }, async ({ sessionID: id }) => {
  await client.api.session.abort.mutate({ sessionID: id });
  return text("Stopped.");
});

async function run(options: RunOptions, extra: Extra) {
  const started = client.run({ ...options, signal: extra.signal, onPermission });
  let progress = 0;
  for await (const update of started) {
    if (update.type === "part" && update.part.type === "tool" && update.part.state.status === "completed") {
      progress += 1;
      await tell(extra, { progress, message: `${update.part.tool} ${update.part.state.title}` });
    }
  }
  const { sessionID: id, text: said, cost, error } = await started.result;
  const failed = error && ("message" in error.data && error.data.message ? String(error.data.message) : error.name);
  return { ...text(failed ?? said, failed !== undefined), structuredContent: { sessionID: id, text: said, cost, error: failed } };
}

/** To whoever wants to know, while the call goes on. */
async function tell({ _meta, sendNotification }: Extra, params: { progress: number; message: string }): Promise<void> {
  const { progressToken } = _meta ?? {};
  if (progressToken !== undefined) await sendNotification({ method: "notifications/progress", params: { progressToken, ...params } });
}

const choices = {
  enum: ["once", "session", "always", "reject"] satisfies PermissionReply[],
  enumNames: ["Allow once", "Allow for this session", "Always allow", "Refuse"],
};

/** A client that cannot ask a person refuses: an agent does not decide about another one. */
async function onPermission({ permission, patterns }: PermissionRequest): Promise<PermissionReply> {
  if (!server.server.getClientCapabilities()?.elicitation) return "reject";
  const message = `May the agent ${permission}: ${patterns.join(", ")}?`;
  const { action, content } = await server.server.elicitInput({
    message,
    requestedSchema: { type: "object", properties: { answer: { type: "string", title: "Answer", ...choices } }, required: ["answer"] },
  });
  const reply = choices.enum.find((choice) => choice === content?.answer);
  return (action === "accept" && reply) || "reject";
}

function text(words: string, isError = false) {
  return { content: [{ type: "text" as const, text: words }], isError };
}

await server.connect(new StdioServerTransport());
await new Promise<void>((resolve) => {
  server.server.onclose = resolve;
  process.stdin.once("end", resolve);
});
