import { access, constants, stat } from "node:fs/promises";
import path from "node:path";
import { directoriesUp, nearest } from "./up.ts";

/** Programs that a project's tools (language servers, formatters) consist of. Nothing is ever downloaded. */
export interface Programs {
  /**
   * The absolute path of an installed program: from `node_modules/.bin` of `from` and the directories above it in its repository, where
   * the project is trusted, else from PATH. Undefined when there is none. A path with a slash is taken relative to `from`.
   */
  find(name: string, from: string): Promise<string | undefined>;
  /** How the program is started: as it is, but through the shell where it is a batch file of Windows. */
  invocation(program: string, args: string[]): { file: string; args: string[] };
  /** Whether what the project at this directory brings along (programs, plugins, build scripts) may run. A repository inside the worktree speaks for itself. */
  mayRunCode(directory: string): Promise<boolean>;
  /** The directory and those above it in its repository, nearest first, whose code may run; none where it is not trusted. */
  trustedUp(directory: string): Promise<string[]>;
  /** The directory and those above it, nearest first, up to the worktree; none when it lies outside. */
  up(directory: string): string[];
  /** The nearest of these that holds a file or directory with one of the names. */
  nearest(names: string[], directory: string): Promise<string | undefined>;
}

export interface ProgramOptions {
  /** The root of the project: nothing above it is looked at. */
  boundary: string;
  environment: NodeJS.ProcessEnv;
  isTrusted(directory: string): boolean;
}

export function createPrograms(options: ProgramOptions): Programs {
  const { boundary, environment } = options;
  const trustedUp = async (directory: string): Promise<string[]> => {
    const repository = await repositoryOf(directory, boundary);
    return options.isTrusted(repository) ? directoriesUp(directory, repository) : [];
  };
  return {
    trustedUp,
    mayRunCode: async (directory) => (await trustedUp(directory)).length > 0,
    invocation: (program, args) =>
      /\.(cmd|bat)$/i.test(program) ? throughShell([program, ...args], environment) : { file: program, args },
    up: (directory) => directoriesUp(directory, boundary),
    nearest: (names, directory) => nearest(names, directoriesUp(directory, boundary)),
    async find(name, from) {
      if (/[/\\]/.test(name)) return runnable(path.resolve(from, name), environment);
      const own = (await trustedUp(from)).map((folder) => path.join(folder, "node_modules", ".bin"));
      // A relative entry would mean another program in each directory.
      const shared = pathOf(environment).filter((folder) => path.isAbsolute(folder));
      for (const folder of [...own, ...shared]) {
        const found = await runnable(path.join(folder, name), environment);
        if (found !== undefined) return found;
      }
      return undefined;
    },
  };
}

/** Quoted, a word means itself to the shell, save for `%`: none is let through. */
function throughShell(words: string[], environment: NodeJS.ProcessEnv): { file: string; args: string[] } {
  const line = words.map((word) => `"${word.replace(/["%]/g, "")}"`).join(" ");
  return { file: environment.ComSpec ?? "cmd.exe", args: ["/d", "/s", "/c", `"${line}"`] };
}

/** The innermost repository that holds the directory, at most the boundary. */
async function repositoryOf(directory: string, boundary: string): Promise<string> {
  for (const folder of directoriesUp(directory, boundary)) {
    if (folder !== boundary && (await exists(path.join(folder, ".git")))) return folder;
  }
  return boundary;
}

function pathOf(environment: NodeJS.ProcessEnv): string[] {
  const name = Object.keys(environment).find((key) => key.toUpperCase() === "PATH") ?? "PATH";
  return (environment[name] ?? "").split(path.delimiter);
}

async function runnable(file: string, environment: NodeJS.ProcessEnv): Promise<string | undefined> {
  const endings = process.platform === "win32" ? (environment.PATHEXT ?? ".EXE;.CMD;.BAT").split(";") : [""];
  for (const ending of endings) {
    if (await isProgram(file + ending)) return file + ending;
  }
  return undefined;
}

async function isProgram(file: string): Promise<boolean> {
  try {
    await access(file, constants.X_OK);
    return (await stat(file)).isFile();
  } catch {
    // Not there or not for us: the next place is tried.
    return false;
  }
}

async function exists(file: string): Promise<boolean> {
  return stat(file).then(
    () => true,
    () => false,
  );
}
