import { setTimeout as delay } from "node:timers/promises";
import type { Diagnostic, DocumentDiagnosticReport, FullDocumentDiagnosticReport } from "vscode-languageserver-protocol";
import { type DiagnosticStore, toFile } from "./diagnostics.ts";
import { toUri } from "./documents.ts";

/** Asks a server for the diagnostics of an open document (absolute path); undefined when it gives none in time. Throws what the server answers as an error. */
export type PullDiagnostics = (
  request: (method: string, params: unknown) => Promise<unknown>,
  file: string,
) => Promise<Diagnostic[] | undefined>;

/** "Ask again", in the protocol's error codes: the server's state moved on, or it was not ready. */
const askAgain = new Set([-32801, -32802]);
const attempts = 5;
const pause = 100;

/** The protocol's own way (LSP 3.17, `textDocument/diagnostic`). What it says of other documents beside goes to the store. */
export function pullReport(store: Pick<DiagnosticStore, "pulled">): PullDiagnostics {
  return async (request, file) => {
    const report = await patiently(() => request("textDocument/diagnostic", { textDocument: { uri: toUri(file) } }));
    if (report === undefined || report === null) return undefined;
    const { relatedDocuments = {}, ...own } = report as DocumentDiagnosticReport;
    for (const [uri, related] of Object.entries(relatedDocuments)) {
      const other = toFile(uri);
      if (other !== undefined && related.kind === "full") store.pulled(other, (related as FullDocumentDiagnosticReport).items);
    }
    return own.kind === "full" ? own.items : undefined;
  };
}

async function patiently(ask: () => Promise<unknown>): Promise<unknown> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await ask();
    } catch (error) {
      const code = error instanceof Error && "code" in error ? Number(error.code) : 0;
      if (attempt === attempts || !askAgain.has(code)) throw error;
      await delay(pause);
    }
  }
}
