import { AppError } from "../schema/error.ts";
import type { PartInput } from "../schema/prompt.ts";
import type { Workspace } from "./workspace.ts";

type FileInput = Extract<PartInput, { type: "file" }>;
type ResourceSource = Extract<NonNullable<FileInput["source"]>, { type: "resource" }>;

/**
 * The parts of a prompt, with what the MCP resources they name contain: text beside the file part, and what a model can look at in
 * it. A resource that cannot be read is no reason to refuse the prompt; the model is told.
 */
export async function withResources({ mcp }: Pick<Workspace, "mcp">, parts: PartInput[]): Promise<PartInput[]> {
  const read = (part: PartInput) =>
    part.type === "file" && part.source?.type === "resource" ? readPart(mcp, { part, source: part.source }) : [part];
  return (await Promise.all(parts.map(read))).flat();
}

async function readPart(mcp: Workspace["mcp"], { part, source }: { part: FileInput; source: ResourceSource }): Promise<PartInput[]> {
  const { clientName, uri } = source;
  const say = (text: string): PartInput => ({ type: "text", synthetic: true, text });
  try {
    const { text, attachments } = await mcp.readResource(clientName, uri);
    const [first, ...others] = attachments.map(({ mime, url }) => ({ mime, url }));
    const files = [{ ...part, ...first }, ...others.map((file): PartInput => ({ type: "file", ...file }))];
    return [...(text === "" ? [] : [say(`The resource ${uri} of the MCP server ${clientName}:\n\n${text}`)]), ...files];
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return [say(`The resource ${uri} of the MCP server ${clientName} could not be read. ${error.message}`), part];
  }
}
