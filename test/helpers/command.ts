import { PassThrough } from "node:stream";
import { readArguments } from "../../src/cli/arguments.ts";
import type { Host } from "../../src/cli/env.ts";
import { served } from "../../src/cli/served.ts";
import { type Files, type TestDirectory, temporaryDirectory } from "./directory.ts";

export interface Ran {
  code: number;
  stdout: string;
  stderr: string;
}

export interface CommandPlace extends AsyncDisposable {
  home: TestDirectory;
  /** Runs a command that a server answers, as the program does; `input` is what is piped in. */
  run(words: string[], input?: string): Promise<Ran>;
  json<Value>(words: string[], input?: string): Promise<Value>;
}

/** A home of its own, in whose `project` the commands run. */
export async function commandPlace({
  files = {},
  variables = {},
}: {
  files?: Files;
  variables?: NodeJS.ProcessEnv;
} = {}): Promise<CommandPlace> {
  const home = await temporaryDirectory({ files: { "project/.keep": "", ...files } });
  const paths = {
    PATH: process.env.PATH,
    HOME: home.path,
    ...Object.fromEntries(["DATA", "CONFIG", "STATE", "CACHE"].map((kind) => [`XDG_${kind}_HOME`, home.join(kind.toLowerCase())])),
  };
  async function run(words: string[], input?: string): Promise<Ran> {
    const [stdin, stdout, stderr] = [new PassThrough(), new PassThrough(), new PassThrough()];
    stdin.end(input);
    const streams = { stdin, stdout, stderr };
    const host = {
      variables: { ...paths, ...variables },
      directory: home.join("project"),
      ...streams,
      database: undefined,
    } as unknown as Host;
    const request = await readArguments(words, "1.2.3");
    if (!("flags" in request) || ["serve", "run", "token", "trust", "audit"].includes(request.command)) throw new Error(request.command);
    const code = await served(request as Parameters<typeof served>[0], host);
    return { code, stdout: String(stdout.read() ?? ""), stderr: String(stderr.read() ?? "") };
  }
  return {
    home,
    run,
    json: async (words, input) => JSON.parse((await run([...words, "--json"], input)).stdout),
    [Symbol.asyncDispose]: () => home[Symbol.asyncDispose](),
  };
}
