import { type ChildProcessByStdio, spawn } from "node:child_process";
import { once } from "node:events";
import type { Readable, Writable } from "node:stream";
import type { DataCallback, MessageConnection, StreamMessageReader } from "vscode-jsonrpc/node";
import { type Bounds, within } from "./within.ts";

/** A language server's process and the messages to and from it. */
export interface Connection {
  pid: number;
  /** Undefined when no answer came in time: the server is told to forget the question. Throws what the server answers as an error, and when it is gone. */
  request<Answer>(method: string, params: unknown, bounds: Bounds): Promise<Answer | undefined>;
  /** Throws when the server is gone. */
  notify(method: string, params: unknown): Promise<void>;
  onNotification(method: string, handle: (params: never) => void): void;
  onRequest(method: string, handle: (params: never) => unknown): void;
  /** Settles, with the reason, when the process has ended or said something that is not the protocol. */
  broken: Promise<string>;
  /** Lets go of the pipes, and fails what waits for an answer; the process is left to the caller. */
  close(): void;
}

export interface ConnectOptions {
  file: string;
  args: string[];
  directory: string;
  environment: NodeJS.ProcessEnv;
}

type Child = ChildProcessByStdio<Writable, Readable, null>;

/** Bytes that may come before a message is complete. */
const maximumMessage = 64 * 1024 * 1024;

const lastWord = 200;

/** Starts the program in a session and process group of its own, speaking JSON-RPC over its pipes. Throws when it cannot be started. */
export async function connect(options: ConnectOptions): Promise<Connection> {
  const { createMessageConnection, StreamMessageReader, StreamMessageWriter, CancellationTokenSource } = await import(
    "vscode-jsonrpc/node"
  );
  const child = await start(options);
  const broken = Promise.withResolvers<string>();
  const reader = guarded(new StreamMessageReader(child.stdout), child.stdout, broken.resolve);
  const rpc = createMessageConnection(reader, new StreamMessageWriter(child.stdin));
  rpc.onError(([error]) => broken.resolve(`it does not speak the protocol: ${error.message.split("\n")[0]}`));
  // Mostly its end follows, and says more.
  rpc.onClose(() => setTimeout(() => broken.resolve("it closed its output"), lastWord).unref());
  child.once("exit", (code, signal) => broken.resolve(`it ended with ${signal ?? `exit code ${code}`}`));
  rpc.listen();
  const gone = broken.promise.then((reason) => Promise.reject(new Error(reason)));
  let isGone = false;
  gone.catch(() => {
    isGone = true;
  });
  return {
    pid: child.pid ?? 0,
    broken: broken.promise,
    notify: (method, params) => rpc.sendNotification(method, params),
    onNotification: (method, handle) => void rpc.onNotification(method, (params) => handle(params as never)),
    onRequest: (method, handle) => void rpc.onRequest(method, (params) => handle(params as never)),
    async request<Answer>(method: string, params: unknown, bounds: Bounds) {
      const source = new CancellationTokenSource();
      let isOpen = true;
      const asked = rpc.sendRequest<Answer>(method, params, source.token).finally(() => {
        isOpen = false;
      });
      try {
        return await within(Promise.race([asked, gone]), bounds);
      } finally {
        if (isOpen && !isGone) source.cancel();
        source.dispose();
      }
    },
    close: () => close(rpc, child),
  };
}

async function start({ file, args, directory, environment }: ConnectOptions): Promise<Child> {
  const windows = process.platform === "win32";
  const child = spawn(file, args, {
    cwd: directory,
    env: environment,
    stdio: ["pipe", "pipe", "ignore"],
    detached: !windows,
    windowsHide: true,
    windowsVerbatimArguments: windows && /cmd(\.exe)?$/i.test(file),
  });
  // A write to a process that has ended fails here too; its end is heard of elsewhere.
  child.stdin.on("error", () => undefined);
  child.on("error", () => undefined);
  await once(child, "spawn");
  return child;
}

/** Ends what never becomes a message, before it has filled the memory. */
function guarded(reader: StreamMessageReader, output: Readable, fail: (reason: string) => void): StreamMessageReader {
  let unread = 0;
  let isFirst = true;
  output.on("data", (chunk: Buffer) => {
    if (isFirst && !/^c/i.test(chunk.toString("latin1", 0, 1)))
      fail("it does not speak the protocol: its output does not begin with a header");
    isFirst = false;
    unread += chunk.length;
    if (unread > maximumMessage) fail("it sent more than a message may hold");
  });
  const listen = reader.listen.bind(reader);
  reader.listen = (callback: DataCallback) =>
    listen((message) => {
      unread = 0;
      callback(message);
    });
  return reader;
}

function close(rpc: MessageConnection, child: Child): void {
  rpc.dispose();
  child.stdin.destroy();
  child.stdout.destroy();
}
