import path from "node:path";
import type { Programs } from "../program/program.ts";
import type { WorkspaceSymbol } from "../schema/file.ts";
import { toFile } from "./diagnostics.ts";
import type { Server } from "./server.ts";
import { findSource } from "./source.ts";

export interface SymbolBounds {
  /** Milliseconds for a server to start, for its answer, and for the answer of one that has nothing open yet. */
  start: number;
  answer: number;
  firstAnswer: number;
  signal?: AbortSignal;
}

/** What one server knows under a name, in files of the project. Throws what the server answers as an error. */
export async function symbolsOf(server: Server, query: string, options: SymbolBounds & { programs: Programs }): Promise<WorkspaceSymbol[]> {
  const { start, answer, firstAnswer, signal, programs } = options;
  const client = await server.client({ ms: start, signal });
  if (client === undefined) return [];
  const isFirst = !client.hasDocuments();
  const source = isFirst ? await findSource(server.root, server.extensions) : undefined;
  if (source !== undefined) await client.open([source]);
  const found = await client.symbols(query, { ms: isFirst ? firstAnswer : answer, signal });
  return found.flatMap(({ name, kind, location }): WorkspaceSymbol[] => {
    const file = toFile(location.uri);
    if (file === undefined || !isOwn(file, programs)) return [];
    return [{ name, kind, location: { uri: location.uri, range: "range" in location ? location.range : nowhere } }];
  });
}

/** A server may leave out where in the file it is. */
const nowhere = { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } };

function isOwn(file: string, programs: Programs): boolean {
  return programs.up(path.dirname(file)).length > 0 && !file.split(path.sep).includes("node_modules");
}
