import path from "node:path";
import type { ClientCapabilities, InitializeParams, InitializeResult } from "vscode-languageserver-protocol";
import type { Connection } from "./connection.ts";
import { toUri } from "./documents.ts";
import type { Bounds } from "./within.ts";

/** No watching of files on the server's behalf: a server that hears that watches by itself. */
const capabilities: ClientCapabilities = {
  general: { positionEncodings: ["utf-16"] },
  window: { workDoneProgress: true },
  workspace: { configuration: true, workspaceFolders: true, symbol: {} },
  textDocument: {
    synchronization: { didSave: true },
    publishDiagnostics: { versionSupport: true },
    diagnostic: { dynamicRegistration: true, relatedDocumentSupport: true },
  },
};

export interface InitializeOptions extends Bounds {
  root: string;
  initialization?: Record<string, unknown>;
}

/** Throws when the server ends, refuses, or does not answer in time. */
export async function initialize(
  connection: Connection,
  { root, initialization, ...bounds }: InitializeOptions,
): Promise<InitializeResult> {
  const uri = toUri(root);
  const params: InitializeParams = {
    processId: process.pid,
    clientInfo: { name: "codeport" },
    rootUri: uri,
    rootPath: root,
    workspaceFolders: [{ uri, name: path.basename(root) }],
    capabilities,
    initializationOptions: initialization ?? {},
  };
  const result = await connection.request<InitializeResult>("initialize", params, bounds);
  if (result === undefined) throw new Error(`it did not answer "initialize" within ${bounds.ms / 1000} s`);
  await connection.notify("initialized", {});
  if (initialization) await connection.notify("workspace/didChangeConfiguration", { settings: initialization });
  return result;
}
