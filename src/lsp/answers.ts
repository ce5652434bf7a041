import path from "node:path";
import type { ConfigurationParams, RegistrationParams, UnregistrationParams } from "vscode-languageserver-protocol";
import type { Connection } from "./connection.ts";
import { toUri } from "./documents.ts";

/**
 * Answers what a server asks of an editor. There is none, so nothing is shown and nothing edited; the settings are those of its
 * configured `initialization`. Gives the registrations by which the server offers to be asked for diagnostics.
 */
export function answerRequests(
  connection: Pick<Connection, "onRequest">,
  { root, initialization }: { root: string; initialization?: Record<string, unknown> },
): Set<string> {
  const pullers = new Set<string>();
  const answer = connection.onRequest;
  answer("workspace/configuration", ({ items }: ConfigurationParams) => items.map(({ section }) => setting(initialization, section)));
  answer("workspace/workspaceFolders", () => [{ uri: toUri(root), name: path.basename(root) }]);
  answer("workspace/applyEdit", () => ({ applied: false }));
  answer("window/showDocument", () => ({ success: false }));
  for (const method of ["window/workDoneProgress/create", "window/showMessageRequest", "workspace/diagnostic/refresh"])
    answer(method, () => null);
  answer("client/registerCapability", ({ registrations }: RegistrationParams) => {
    for (const { id, method } of registrations) if (method === "textDocument/diagnostic") pullers.add(id);
    return null;
  });
  // The protocol's own spelling.
  answer("client/unregisterCapability", ({ unregisterations }: UnregistrationParams) => {
    for (const { id } of unregisterations) pullers.delete(id);
    return null;
  });
  return pullers;
}

/** `python.analysis` is `analysis` in `python`; null is the protocol's word for "not set". */
function setting(settings: Record<string, unknown> | undefined, section: string | undefined): unknown {
  let value: unknown = settings ?? null;
  for (const key of section === undefined || section === "" ? [] : section.split(".")) {
    value = typeof value === "object" && value !== null && Object.hasOwn(value, key) ? (value as Record<string, unknown>)[key] : null;
  }
  return value;
}
