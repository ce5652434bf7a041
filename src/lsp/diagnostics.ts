import { fileURLToPath } from "node:url";
import type { PublishDiagnosticsParams, Diagnostic as SentDiagnostic } from "vscode-languageserver-protocol";

/** As the protocol has it (LSP 3.17): lines and characters count from zero, severity 1 is an error. */
export type Diagnostic = Omit<SentDiagnostic, "message"> & { message: string };

/** What a server has said about files (absolute paths), by itself (pushed) and when asked (pulled). */
export interface DiagnosticStore {
  receive(params: PublishDiagnosticsParams): void;
  pulled(file: string, diagnostics: SentDiagnostic[]): void;
  /** Forgets what was said of a file: its text has changed, or it is gone. */
  forget(file: string): void;
  of(file: string): Diagnostic[];
  files(): string[];
  /** Listens from now on, for what the server tells by itself of these files. */
  news(files: string[], debounce: number): News;
}

export interface News extends Disposable {
  /** Resolves when each of the files was told of, and then not again for `debounce` ms. For ever pending when the server is silent. */
  of(files: string[]): Promise<unknown>;
}

/** Files a server may talk about before the oldest are forgotten. */
const maximumFiles = 2_000;

export function createDiagnosticStore(): DiagnosticStore {
  const pushed = new Map<string, Diagnostic[]>();
  const pulled = new Map<string, Diagnostic[]>();
  const listeners = new Set<(file: string) => void>();
  const put = (map: Map<string, Diagnostic[]>, file: string, diagnostics: SentDiagnostic[]): void => {
    map.delete(file);
    if (diagnostics.length > 0) map.set(file, diagnostics.map(inPlainText));
    const oldest = map.size > maximumFiles ? map.keys().next().value : undefined;
    if (oldest !== undefined) map.delete(oldest);
  };
  return {
    receive({ uri, diagnostics }) {
      const file = toFile(uri);
      if (file === undefined) return;
      put(pushed, file, diagnostics);
      for (const listen of [...listeners]) listen(file);
    },
    pulled: (file, diagnostics) => put(pulled, file, diagnostics),
    forget(file) {
      pushed.delete(file);
      pulled.delete(file);
    },
    of: (file) => distinct([...(pulled.get(file) ?? []), ...(pushed.get(file) ?? [])]),
    files: () => [...new Set([...pushed.keys(), ...pulled.keys()])],
    news: (files, debounce) => listenFor(listeners, files, debounce),
  };
}

function listenFor(listeners: Set<(file: string) => void>, files: string[], debounce: number): News {
  const awaited = new Map(
    files.map((file) => [file, { ...Promise.withResolvers<void>(), timer: undefined as NodeJS.Timeout | undefined }]),
  );
  const listen = (told: string): void => {
    const file = awaited.get(told);
    if (file === undefined) return;
    clearTimeout(file.timer);
    file.timer = setTimeout(file.resolve, debounce);
  };
  listeners.add(listen);
  return {
    of: (wanted) => Promise.all(wanted.map((file) => awaited.get(file)?.promise)),
    [Symbol.dispose]() {
      listeners.delete(listen);
      for (const { timer } of awaited.values()) clearTimeout(timer);
    },
  };
}

function inPlainText({ message, ...rest }: SentDiagnostic): Diagnostic {
  return { ...rest, message: typeof message === "string" ? message : message.value };
}

/** A server that tells by itself and answers too says the same twice. */
function distinct(diagnostics: Diagnostic[]): Diagnostic[] {
  const seen = new Set<string>();
  return diagnostics.filter(({ range, message }) => {
    const key = `${range.start.line}:${range.start.character}:${message}`;
    return !seen.has(key) && seen.add(key);
  });
}

/** Undefined for what is no file, as untitled documents and parts of archives. */
export function toFile(uri: string): string | undefined {
  try {
    return fileURLToPath(uri);
  } catch {
    // The address of something else than a file of this machine.
    return undefined;
  }
}
