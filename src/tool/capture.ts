import { runCommand } from "./process.ts";
import { shellCommand } from "./shell.ts";

const timeout = 30_000;
const mostBytes = 256 * 1024;

/**
 * What a shell command prints, both streams, without the last line end. It has 30 seconds and a process group of its own; what goes over 256 kB is
 * dropped. Rejects with the signal's reason on abort, with AppError BadRequest when it cannot be started.
 */
export async function captureCommand(
  command: string,
  { directory, environment, signal }: { directory: string; environment: NodeJS.ProcessEnv; signal?: AbortSignal },
): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  const end = await runCommand({
    ...shellCommand(command, environment),
    directory,
    environment,
    timeout,
    signal,
    onOutput(chunk) {
      if (bytes < mostBytes) chunks.push(chunk.subarray(0, mostBytes - bytes));
      bytes += chunk.length;
    },
  });
  const output = Buffer.concat(chunks)
    .toString("utf8")
    .replace(/\r?\n$/, "");
  return end.timedOut ? `${output}\n(stopped after ${timeout / 1000} seconds)`.trimStart() : output;
}
