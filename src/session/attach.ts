import { realpath, stat } from "node:fs/promises";
import { isAbsolute, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { AppError } from "../schema/error.ts";
import { createId } from "../schema/id.ts";
import type { PartInput } from "../schema/prompt.ts";
import type { Session } from "../schema/session.ts";
import { createFileTimes, runTool } from "../tool/registry.ts";
import type { ToolContext, ToolResult } from "../tool/tool.ts";
import agentInstruction from "./agent-instruction.md";
import type { SessionOptions } from "./options.ts";
import { boundary, type Workspace } from "./workspace.ts";

type FileInput = Extract<PartInput, { type: "file" }>;
type TextInput = Extract<PartInput, { type: "text" }>;

interface Place {
  session: Session;
  workspace: Workspace;
}

/**
 * The parts of a prompt with what they name: a text file or directory is read as the read tool would, and its content is a synthetic text
 * before the file part; an image or PDF becomes a data URL; a named agent brings the instruction to hand the task to it.
 * Throws ForbiddenError for a file outside the roots, AgentNotFoundError for an unknown agent, BadRequest for a malformed address. A file that is missing or cannot be
 * read is no reason to refuse the prompt; the model is told.
 */
export async function withAttachments(options: SessionOptions, place: Place, parts: PartInput[]): Promise<PartInput[]> {
  const attached = await Promise.all(
    parts.map(async (part): Promise<PartInput[]> => {
      if (part.type === "file") return attachFile(options, place, part);
      if (part.type === "subtask") await place.workspace.agents.get(part.agent);
      if (part.type !== "agent") return [part];
      const { name } = await place.workspace.agents.get(part.name);
      return [part, synthetic(agentInstruction.trim().replaceAll("{agent}", name))];
    }),
  );
  return attached.flat();
}

async function attachFile(options: SessionOptions, place: Place, part: FileInput): Promise<PartInput[]> {
  if (part.url.startsWith("data:")) return attachData(part);
  // Resources of MCP servers are read by their source: resources.ts.
  if (part.source?.type === "resource") return [part];
  if (!part.url.startsWith("file:"))
    return [synthetic(`The file at ${JSON.stringify(part.url)} was not attached: only file: and data: addresses are read.`), part];
  const { path, range } = locate(part.url);
  const real = await realPlace(path, place);
  // Outside the roots the answer is the same whether the file exists or not.
  if (!options.serves(real ?? path)) {
    throw new AppError(
      "ForbiddenError",
      `The file ${path} is outside the roots this server works in. Start it there, or add it with --root.`,
      {
        path,
      },
    );
  }
  const input = { filePath: path, ...range };
  const called = synthetic(`Called the Read tool with the following input: ${JSON.stringify(input)}`);
  try {
    const result = await read(options, place, input);
    const [media] = result.attachments ?? [];
    if (media) return [called, { ...part, mime: media.mime, url: media.url }];
    const isDirectory = real !== undefined && (await stat(real)).isDirectory();
    return [called, synthetic(result.output), isDirectory ? { ...part, mime: "application/x-directory" } : part];
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return [called, synthetic(`The Read tool could not read ${path}: ${error.message}`), part];
  }
}

/** Text in a data URL is told as text; what a model can look at goes to it in base64, the one form that all of them take. */
function attachData(part: FileInput): PartInput[] {
  const bytes = dataOf(part.url);
  if (!part.mime.startsWith("text/")) return [{ ...part, url: `data:${part.mime};base64,${bytes.toString("base64")}` }];
  const name = part.filename ?? "attachment";
  const called = synthetic(`Called the Read tool with the following input: ${JSON.stringify({ filePath: name })}`);
  return [called, synthetic(bytes.toString("utf8")), part];
}

/** Throws BadRequest for an address that holds no data: in the conversation it would fail every later turn. */
function dataOf(url: string): Buffer {
  const [whole, parameters = "", data = ""] = /^data:([^,]*),(.*)$/s.exec(url) ?? [];
  const bytes = percentDecoded(data);
  const isBase64 = /;\s*base64\s*$/i.test(parameters);
  const text = isBase64 ? bytes.toString("latin1").replace(/\s/g, "") : "";
  if (whole === undefined || !/^[\w+/-]*={0,2}$/.test(text)) {
    const message = `url: ${JSON.stringify(url.slice(0, 60))} is no data URL. Give data:image/png;base64,… or data:text/plain,….`;
    throw new AppError("BadRequest", message, { kind: "Payload", field: "url" });
  }
  return isBase64 ? Buffer.from(text, "base64") : bytes;
}

/** A percent sign that begins no byte is itself (https://url.spec.whatwg.org/#percent-decode). */
function percentDecoded(text: string): Buffer {
  const characters = Buffer.from(text, "utf8").toString("latin1");
  const decoded = characters.replace(/%([0-9a-f]{2})/gi, (_, byte: string) => String.fromCharCode(Number.parseInt(byte, 16)));
  return Buffer.from(decoded, "latin1");
}

/** `file:///a.ts?start=3&end=9` names lines of a file. */
function locate(url: string): { path: string; range: { offset?: number; limit?: number } } {
  try {
    const parsed = new URL(url);
    const [start, end] = ["start", "end"].map((name) => Number(parsed.searchParams.get(name) ?? Number.NaN));
    parsed.search = "";
    const path = fileURLToPath(parsed);
    if (start === undefined || !(start >= 1)) return { path, range: {} };
    const limit = end !== undefined && end >= start ? Math.floor(end) - Math.floor(start) + 1 : undefined;
    return { path, range: { offset: Math.floor(start), ...(limit === undefined ? {} : { limit }) } };
  } catch (cause) {
    const message = `url: "${url}" is not the address of a file. Give file:///absolute/path, or a data: URL.`;
    throw new AppError("BadRequest", message, { kind: "Payload", field: "url" }, { cause });
  }
}

/** Where a path leads, links followed; of what does not exist, where its nearest parent leads. */
async function realPlace(path: string, { session }: Place): Promise<string | undefined> {
  const absolute = isAbsolute(path) ? path : resolve(session.directory, path);
  for (let above = absolute; ; above = resolve(above, "..")) {
    const real = await realpath(above).catch(() => undefined);
    if (real !== undefined) return above === absolute ? real : resolve(real, relative(above, absolute));
    if (resolve(above, "..") === above) return undefined;
  }
}

/** The user named the file, so nobody is asked. */
async function read(options: SessionOptions, { session, workspace }: Place, input: { filePath: string }): Promise<ToolResult> {
  const tool = workspace.tools.find(({ id }) => id === "read");
  if (tool === undefined) throw new AppError("BadRequest", "There is no read tool here.");
  const { max_lines: maxLines = 2000, max_bytes: maxBytes = 50 * 1024 } = workspace.config.config.tool_output ?? {};
  const nothing = async (): Promise<void> => {};
  const context: ToolContext = {
    sessionID: session.id,
    messageID: "",
    callID: createId("tool"),
    agent: "",
    directory: session.directory,
    worktree: boundary(workspace),
    signal: AbortSignal.timeout(30_000),
    environment: options.processes.environmentOf({ session: session.id, call: "attach" }),
    output: { directory: join(options.outputDirectory, session.id), maxLines, maxBytes },
    files: createFileTimes(),
    ask: nothing,
    question: async () => [],
    metadata: () => {},
    edited: nothing,
    todo: { get: async () => [], set: nothing },
    task: () => Promise.reject(new AppError("BadRequest", "A file is read without sub-agents.")),
  };
  return runTool(tool, input, context);
}

function synthetic(text: string): TextInput {
  return { type: "text", synthetic: true, text };
}
