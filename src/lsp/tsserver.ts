import type { Diagnostic } from "vscode-languageserver-protocol";
import type { PullDiagnostics } from "./pull.ts";

interface Place {
  line: number;
  offset: number;
}

interface TsserverDiagnostic {
  message: string;
  category: string;
  code?: number;
  startLocation?: Place;
  endLocation?: Place;
}

const severities: Record<string, 1 | 2 | 3 | 4> = { error: 1, warning: 2, message: 3, suggestion: 4 };

/**
 * typescript-language-server tells diagnostics by itself, but is silent about a file that had none and still has none: whoever
 * waited for news would wait in vain. Its command `typescript.tsserverRequest` reaches tsserver, which answers a question.
 */
export const pullFromTsserver: PullDiagnostics = async (request, file) => {
  const ask = async (command: string): Promise<TsserverDiagnostic[] | undefined> => {
    const params = { command: "typescript.tsserverRequest", arguments: [command, { file, includeLinePosition: true }] };
    const answer = (await request("workspace/executeCommand", params)) as { body?: TsserverDiagnostic[] } | null;
    return answer?.body;
  };
  const syntax = await ask("syntacticDiagnosticsSync");
  const semantics = await ask("semanticDiagnosticsSync");
  if (syntax === undefined || semantics === undefined) return undefined;
  return [...syntax, ...semantics].map(toDiagnostic);
};

function toDiagnostic({ message, category, code, startLocation, endLocation }: TsserverDiagnostic): Diagnostic {
  const start = toPosition(startLocation);
  const range = { start, end: endLocation ? toPosition(endLocation) : start };
  return { range, message, severity: severities[category] ?? 1, source: "typescript", ...(code !== undefined && { code }) };
}

/** tsserver counts from one, the protocol from zero. */
function toPosition(place: Place | undefined): Diagnostic["range"]["start"] {
  return { line: Math.max(0, (place?.line ?? 1) - 1), character: Math.max(0, (place?.offset ?? 1) - 1) };
}
