import type { Prompt } from "@modelcontextprotocol/client";
import { AppError } from "../schema/error.ts";
import type { McpResource } from "../schema/service.ts";
import type { ToolResult } from "../tool/tool.ts";
import { reasonOf } from "./failure.ts";
import { sanitized } from "./names.ts";
import { contentOf } from "./result.ts";
import type { Server } from "./server.ts";

/** A prompt of a server, as the command it is offered as. */
export interface McpCommand {
  /** `server:prompt`. */
  name: string;
  description?: string;
  source: "mcp";
  /** Names of the arguments, in the order in which words on the command line fill them. */
  arguments: { name: string; description?: string; required: boolean }[];
}

export interface McpMessage {
  role: "user" | "assistant";
  text: string;
  attachments: NonNullable<ToolResult["attachments"]>;
}

export interface McpContents {
  text: string;
  attachments: NonNullable<ToolResult["attachments"]>;
}

export function commandsOf(servers: Server[]): McpCommand[] {
  return prompts(servers).map(({ name, prompt }) => ({
    name,
    ...(prompt.description !== undefined && { description: prompt.description }),
    source: "mcp",
    arguments: (prompt.arguments ?? []).map(({ required = false, ...argument }) => ({ ...argument, required })),
  }));
}

/** Throws NotFoundError for a command that no connected server has, BadRequest where an argument is missing, ServiceUnavailableError when the server fails. */
export async function renderPrompt(servers: Server[], name: string, given: Record<string, string>): Promise<McpMessage[]> {
  const found = prompts(servers).find((candidate) => candidate.name === name);
  if (found === undefined) throw new AppError("NotFoundError", `No connected MCP server has the prompt ${name}.`, { command: name });
  const missing = (found.prompt.arguments ?? []).filter((argument) => argument.required && given[argument.name] === undefined);
  if (missing.length > 0)
    throw new AppError("BadRequest", `${name} needs ${missing.map((argument) => argument.name).join(", ")}.`, { command: name });
  const { messages } = await ask(found.server, (client, options) =>
    client.getPrompt({ name: found.prompt.name, arguments: given }, options),
  );
  return messages.map(({ role, content }) => ({ role, ...joined(contentOf([content])) }));
}

/** By a key that is unique among all servers. */
export function resourcesOf(servers: Server[]): Record<string, McpResource> {
  const entries = servers.flatMap((server) =>
    (server.connection()?.offer.resources ?? []).map(({ name, uri, description, mimeType }): [string, McpResource] => [
      `${sanitized(server.name)}:${sanitized(name)}:${uri}`,
      { name, uri, ...(description !== undefined && { description }), ...(mimeType !== undefined && { mimeType }), client: server.name },
    ]),
  );
  return Object.fromEntries(entries);
}

/** Throws ServiceUnavailableError when the server is not connected, fails, or has no such resource. */
export async function readResource(server: Server, uri: string): Promise<McpContents> {
  const { contents } = await ask(server, (client, options) => client.readResource({ uri }, options));
  return joined(contentOf(contents.map((resource) => ({ type: "contents", resource }))));
}

function prompts(servers: Server[]): { server: Server; name: string; prompt: Prompt }[] {
  return servers.flatMap((server) =>
    (server.connection()?.offer.prompts ?? []).map((prompt) => ({
      server,
      prompt,
      name: `${sanitized(server.name)}:${sanitized(prompt.name)}`,
    })),
  );
}

type Client = NonNullable<ReturnType<Server["connection"]>>["client"];

async function ask<Answer>(server: Server, request: (client: Client, options: { timeout: number }) => Promise<Answer>): Promise<Answer> {
  const connection = server.connection();
  const unavailable = (reason: string, cause?: unknown) =>
    new AppError(
      "ServiceUnavailableError",
      `The MCP server "${server.name}" cannot be asked. ${reason}`,
      { server: server.name },
      { cause },
    );
  if (connection === undefined) throw unavailable("It is not connected.");
  return request(connection.client, { timeout: server.timeout }).catch((error) => {
    throw unavailable(reasonOf(error, server), error);
  });
}

function joined({ texts, attachments }: ReturnType<typeof contentOf>): McpContents {
  return { text: texts.join("\n\n"), attachments };
}
