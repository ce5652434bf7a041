import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { type DestinationStream, type Logger, pino } from "pino";
import { makeDirectory } from "../file-store/file-store.ts";
import type { ServerLogOptions } from "./log.ts";

/** Files that stay, and bytes after which the next one is begun. */
const most = { files: 10, bytes: 16 * 1024 * 1024 };

/** Never rejects: where no file can be had, stderr is told so once and takes all lines. */
export async function openLogger({
  directory,
  print = false,
  quiet = false,
}: ServerLogOptions): Promise<{ logger: Logger; close(): Promise<void> }> {
  const file = directory === undefined ? undefined : await openFile(directory).catch(() => undefined);
  const lost = directory !== undefined && file === undefined;
  const stderr = pino.destination({ dest: 2, sync: true });
  const streams = [
    ...(quiet ? [] : [{ level: print || lost ? ("debug" as const) : ("error" as const), stream: stderr }]),
    ...(file ? [{ level: "debug" as const, stream: file.stream }] : []),
  ];
  const options = {
    base: null,
    level: "debug",
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (level: string) => ({ level }) },
  };
  const logger = pino(options, pino.multistream(streams));
  if (lost) logger.warn({ directory }, "no log file can be written there");
  return { logger, close: async () => file?.close() };
}

interface LogFile {
  stream: DestinationStream;
  close(): Promise<void>;
}

/** A file named for now; a full one is followed by the next. */
async function openFile(directory: string): Promise<LogFile> {
  makeDirectory(directory, 0o700);
  let written = 0;
  let part = 0;
  const started = new Date().toISOString().replaceAll(/[-:]/g, "").slice(0, 15);
  const nameOf = (at: number) => join(directory, `${started}-${process.pid}${at === 0 ? "" : `-${at}`}.log`);
  const destination = pino.destination({ dest: nameOf(0), mode: 0o600, sync: true });
  await prune(directory);
  return {
    stream: {
      write(line: string) {
        written += Buffer.byteLength(line);
        destination.write(line);
        if (written < most.bytes) return;
        written = 0;
        part += 1;
        destination.reopen(nameOf(part));
        prune(directory).catch(() => {});
      },
    },
    async close() {
      destination.end();
    },
  };
}

/** Names sort by the time of their start. */
async function prune(directory: string): Promise<void> {
  const files = (await readdir(directory)).filter((name) => name.endsWith(".log")).sort();
  await Promise.all(files.slice(0, -most.files).map((name) => rm(join(directory, name), { force: true })));
}
