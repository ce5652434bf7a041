import type { Programs } from "../program/program.ts";
import type { Config } from "../schema/config.ts";
import type { PullDiagnostics } from "./pull.ts";
import { pullFromTsserver } from "./tsserver.ts";
import { findTypescript } from "./typescript.ts";

/** A language server as the configuration leaves it. */
export interface ServerDefinition {
  id: string;
  extensions: string[];
  /** The root of a file: the nearest directory with one of the first names, else of the second, and so on. Without any, the directory of the instance. */
  markers: string[][];
  /** How to start it for a root; undefined where it is not installed. */
  launch(root: string, programs: Programs): Promise<Launch | undefined>;
  /** It loads code of the project (compilers, plugins, build scripts): only where the project is trusted. */
  runsProjectCode?: boolean;
}

export interface Launch {
  /** What people call it. */
  name: string;
  program: string;
  args: string[];
  environment?: Record<string, string>;
  initialization?: Record<string, unknown>;
  /** How to ask for a document's diagnostics, where it neither knows the protocol's way nor always tells by itself. */
  pull?: PullDiagnostics;
}

const knownServers: ServerDefinition[] = [
  {
    id: "typescript",
    extensions: [".ts", ".tsx", ".mts", ".cts", ".js", ".jsx", ".mjs", ".cjs"],
    markers: [
      ["package-lock.json", "pnpm-lock.yaml", "yarn.lock", "bun.lock", "bun.lockb"],
      ["package.json", "tsconfig.json", "jsconfig.json"],
    ],
    launch: launchTypescript,
    runsProjectCode: true,
  },
  { id: "gopls", extensions: [".go"], markers: [["go.work"], ["go.mod"]], launch: firstOf([["gopls"]]) },
  {
    id: "pyright",
    extensions: [".py", ".pyi"],
    markers: [["pyproject.toml", "pyrightconfig.json", "setup.py", "setup.cfg", "requirements.txt", "Pipfile"]],
    launch: firstOf([["pyright-langserver", "--stdio"], ["basedpyright-langserver", "--stdio"], ["pylsp"]]),
    runsProjectCode: true,
  },
  {
    id: "rust",
    extensions: [".rs"],
    markers: [["Cargo.lock"], ["Cargo.toml", "rust-project.json"]],
    launch: firstOf([["rust-analyzer"]]),
    runsProjectCode: true,
  },
  {
    id: "clangd",
    extensions: [".c", ".cc", ".cpp", ".cxx", ".c++", ".h", ".hh", ".hpp", ".hxx", ".m", ".mm"],
    markers: [
      ["compile_commands.json", "compile_flags.txt", ".clangd"],
      ["CMakeLists.txt", "meson.build", "Makefile"],
    ],
    launch: firstOf([["clangd", "--background-index"]]),
  },
];

/** Those of the configuration, and the known ones that it does not switch off or replace. */
export function serversOf(config: Config["lsp"]): ServerDefinition[] {
  if (config === false) return [];
  const settings = typeof config === "object" ? config : {};
  const configured = Object.entries(settings).flatMap(([id, setting]) =>
    "command" in setting && !setting.disabled ? [configuredServer(id, setting)] : [],
  );
  return [...configured, ...knownServers.filter(({ id }) => !Object.hasOwn(settings, id))];
}

type Setting = Extract<Exclude<NonNullable<Config["lsp"]>, boolean>[string], { command: string[] }>;

function configuredServer(id: string, { command, extensions, env, initialization }: Setting): ServerDefinition {
  const known = knownServers.find((server) => server.id === id);
  const [program = "", ...args] = command;
  return {
    id,
    extensions: extensions ?? known?.extensions ?? [],
    markers: known?.markers ?? [],
    async launch(root, programs) {
      const found = await programs.find(program, root);
      return found === undefined ? undefined : { name: id, program: found, args, environment: env, initialization };
    },
  };
}

/** Of several programs for a language the first that is installed. */
function firstOf(commands: string[][]): ServerDefinition["launch"] {
  return async (root, programs) => {
    for (const [name = "", ...args] of commands) {
      const program = await programs.find(name, root);
      if (program !== undefined) return { name, program, args };
    }
    return undefined;
  };
}

/** From version 7 on the compiler itself is the server; before, typescript-language-server needs the compiler's path. */
async function launchTypescript(root: string, programs: Programs): Promise<Launch | undefined> {
  const typescript = await findTypescript(root, programs);
  if (typescript === undefined) return undefined;
  if (typescript.tsserver === undefined) {
    const program = await programs.find("tsc", root);
    return program === undefined ? undefined : { name: "typescript", program, args: ["--lsp", "--stdio"] };
  }
  const program = await programs.find("typescript-language-server", root);
  if (program === undefined) return undefined;
  // A second process for quick answers about syntax serves people who type.
  const initialization = { tsserver: { path: typescript.tsserver, useSyntaxServer: "never" }, disableAutomaticTypingAcquisition: true };
  return { name: "typescript-language-server", program, args: ["--stdio"], initialization, pull: pullFromTsserver };
}
