/**
 * The one place that reads the process: its environment, arguments, directory and streams. Everything else is handed a `Host`,
 * so that what a command depends on can be read off its parameters.
 */
export interface Host {
  /** Passed on whole to the services; what children may see of it is decided where they are started. */
  variables: NodeJS.ProcessEnv;
  /** Without the executable and the script. */
  arguments: string[];
  directory: string;
  /** Of this process. */
  pid: number;
  stdin: typeof process.stdin;
  stdout: typeof process.stdout;
  stderr: typeof process.stderr;
  /** What HTTP Basic asks for: of callers when serving, of the server when attaching. Undefined: no password. */
  credentials: Credentials | undefined;
  /** A libSQL URL or path; undefined: the data directory's own. */
  database: string | undefined;
  /** Whether control sequences may be written to stderr. */
  colour: boolean;
}

export interface Credentials {
  username: string;
  password: string;
}

export function currentHost(): Host {
  const variables = process.env;
  return {
    variables,
    arguments: process.argv.slice(2),
    directory: process.cwd(),
    pid: process.pid,
    // Node makes each stream when it is first asked for, and a server never asks for its input.
    get stdin() {
      return process.stdin;
    },
    get stdout() {
      return process.stdout;
    },
    get stderr() {
      return process.stderr;
    },
    credentials: credentialsOf(variables),
    database: variables.CODEPORT_DB || undefined,
    get colour() {
      return process.stderr.isTTY === true && !variables.NO_COLOR;
    },
  };
}

/** An empty password counts as none: a variable that was cleared must not look like protection. */
export function credentialsOf(variables: NodeJS.ProcessEnv): Credentials | undefined {
  const password = variables.OPENCODE_SERVER_PASSWORD;
  if (!password) return undefined;
  return { username: variables.OPENCODE_SERVER_USERNAME || "opencode", password };
}
