import type { CallToolResult, RequestOptions, Tool as ServerTool } from "@modelcontextprotocol/client";
import { z } from "zod";
import { AppError } from "../schema/error.ts";
import type { Tool, ToolContext } from "../tool/tool.ts";
import { abortable } from "./abortable.ts";
import type { Connection } from "./connect.ts";
import { isNetworkFailure, isSessionless, isUnauthorized, reasonOf } from "./failure.ts";
import { createNames } from "./names.ts";
import { toToolResult } from "./result.ts";
import type { Server } from "./server.ts";

/** Milliseconds that a call may take in all when the server goes on telling of its progress. */
const longestCall = 30 * 60_000;

/** The tools of connected servers, in the order of the configuration. `taken`: names that are not free. */
export function toolsOf(servers: Server[], taken: string[]): Tool[] {
  const nameOf = createNames(taken);
  return servers.flatMap((server) => {
    const tools = server.connection()?.offer.tools ?? [];
    return tools.map((tool) => toTool(server, tool, nameOf(server.name, tool.name)));
  });
}

function toTool(server: Server, tool: ServerTool, id: string): Tool {
  return {
    id,
    description: tool.description ?? tool.annotations?.title ?? "",
    // The server knows what it takes, and says so in its own words.
    input: z.record(z.string(), z.unknown()),
    schema: { ...tool.inputSchema, properties: tool.inputSchema.properties ?? {} },
    repeatable: tool.annotations?.readOnlyHint === true,
    untold: tool.annotations?.readOnlyHint !== true,
    async execute(input, context) {
      await context.ask({ permission: id, patterns: ["*"], always: ["*"], metadata: { input } });
      const result = await callTool(server, { name: tool.name, arguments: input as Call["arguments"] }, context);
      const answer = toToolResult(result);
      if (result.isError)
        throw new AppError("BadRequest", answer.output || `The tool ${tool.name} of "${server.name}" failed and did not say why.`);
      return answer;
    },
  };
}

type Call = { name: string; arguments: Record<string, unknown> };

async function callTool(server: Server, call: Call, context: ToolContext): Promise<CallToolResult> {
  // It may be on its way back.
  await abortable(server.settled(), context.signal);
  const connection = connectionOf(server);
  try {
    return await request(connection, { server, call, context });
  } catch (error) {
    context.signal.throwIfAborted();
    // A server that was started again knows its old sessions no more: it has not run the call.
    if (!isSessionless(error)) throw failed(server, error);
    await server.reconnect(connection);
    return request(connectionOf(server), { server, call, context }).catch((again) => {
      context.signal.throwIfAborted();
      throw failed(server, again);
    });
  }
}

async function request(connection: Connection, { server, call, context }: { server: Server; call: Call; context: ToolContext }) {
  const options: RequestOptions = {
    signal: context.signal,
    timeout: server.timeout,
    resetTimeoutOnProgress: true,
    maxTotalTimeout: Math.max(longestCall, server.timeout),
    onprogress: ({ progress, total, message }) => context.metadata({ metadata: { progress, total, message } }),
  };
  try {
    // Not `callTool`: it refuses what differs from the tool's own output schema, and the model can judge that itself.
    return await connection.client.request({ method: "tools/call", params: call }, options);
  } catch (error) {
    if (isNetworkFailure(error)) server.lost(connection, reasonOf(error, server));
    if (isUnauthorized(error)) server.refused(connection, error);
    throw error;
  }
}

function connectionOf(server: Server): Connection {
  const connection = server.connection();
  if (connection) return connection;
  const status = server.status();
  const reason = status && "error" in status ? status.error : `It is ${status?.status ?? "still being connected"}.`;
  throw new AppError("ServiceUnavailableError", `The MCP server "${server.name}" is not connected. ${reason}`, { server: server.name });
}

function failed(server: Server, cause: unknown): AppError {
  const message = `The MCP server "${server.name}" failed during the call. ${endingOf(server) ?? reasonOf(cause, server)}`;
  return new AppError("ServiceUnavailableError", message, { server: server.name }, { cause });
}

/** How it died says more than that it did. */
function endingOf(server: Server): string | undefined {
  const status = server.status();
  return server.connection() === undefined && status?.status === "failed" ? status.error : undefined;
}
