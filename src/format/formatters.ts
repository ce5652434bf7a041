import { rustfmtCommand } from "./rustfmt.ts";

/** A formatter that is found by itself: where the project asks for it and the program is installed. */
export interface KnownFormatter {
  name: string;
  extensions: string[];
  program: string;
  /** `$FILE` stands for the file. */
  args: string[];
  /** Where arguments are not enough: the whole command line. `directory` is where it will run. */
  command?(place: { program: string; directory: string; file: string }): Promise<string[]>;
  /** What in a directory on the way up to the worktree's root shows that the project uses it; without, the program alone will do. */
  evidence?: Evidence;
  /** It loads code of the project (plugins, configuration that is a program): only where the project is trusted. */
  runsProjectCode?: boolean;
}

export interface Evidence {
  files?: string[];
  /** A dependency of any kind in package.json. */
  dependency?: string;
  /** A table of pyproject.toml. */
  pyproject?: string;
}

const script = [".js", ".jsx", ".mjs", ".cjs", ".ts", ".tsx", ".mts", ".cts"];
const web = [
  ...script,
  ".html",
  ".css",
  ".scss",
  ".less",
  ".vue",
  ".svelte",
  ".json",
  ".jsonc",
  ".json5",
  ".yaml",
  ".yml",
  ".md",
  ".mdx",
  ".graphql",
];
const prettierFiles = ["json", "json5", "yaml", "yml", "toml", "js", "cjs", "mjs", "ts", "cts", "mts"].map((end) => `.prettierrc.${end}`);
const prettierPrograms = ["js", "cjs", "mjs", "ts", "cts", "mts"].map((end) => `prettier.config.${end}`);
const c = [".c", ".cc", ".cpp", ".cxx", ".h", ".hh", ".hpp", ".hxx", ".m", ".mm"];

/** Where a project shows several for a file, the nearest evidence decides, then this order. */
export const knownFormatters: KnownFormatter[] = [
  {
    name: "biome",
    extensions: [...script, ".json", ".jsonc", ".css", ".graphql", ".html", ".vue", ".svelte"],
    program: "biome",
    args: ["format", "--write", "--no-errors-on-unmatched", "--files-ignore-unknown=true", "$FILE"],
    evidence: { files: ["biome.json", "biome.jsonc"] },
  },
  {
    name: "prettier",
    extensions: web,
    program: "prettier",
    args: ["--write", "--ignore-unknown", "--log-level", "warn", "$FILE"],
    evidence: { files: [".prettierrc", ...prettierFiles, ...prettierPrograms], dependency: "prettier" },
    runsProjectCode: true,
  },
  { name: "gofmt", extensions: [".go"], program: "gofmt", args: ["-w", "$FILE"] },
  {
    name: "rustfmt",
    extensions: [".rs"],
    program: "rustfmt",
    args: ["$FILE"],
    command: rustfmtCommand,
    evidence: { files: ["Cargo.toml", "rustfmt.toml", ".rustfmt.toml"] },
  },
  {
    name: "ruff",
    extensions: [".py", ".pyi"],
    program: "ruff",
    args: ["format", "--quiet", "$FILE"],
    evidence: { files: ["ruff.toml", ".ruff.toml"], pyproject: "tool.ruff" },
  },
  { name: "black", extensions: [".py", ".pyi"], program: "black", args: ["--quiet", "$FILE"], evidence: { pyproject: "tool.black" } },
  {
    name: "clang-format",
    extensions: c,
    program: "clang-format",
    args: ["-i", "$FILE"],
    evidence: { files: [".clang-format", "_clang-format"] },
  },
  { name: "zig", extensions: [".zig", ".zon"], program: "zig", args: ["fmt", "$FILE"] },
  { name: "terraform", extensions: [".tf", ".tfvars"], program: "terraform", args: ["fmt", "$FILE"] },
  { name: "shfmt", extensions: [".sh", ".bash"], program: "shfmt", args: ["-w", "$FILE"], evidence: { files: [".editorconfig"] } },
  { name: "dart", extensions: [".dart"], program: "dart", args: ["format", "$FILE"], evidence: { files: ["pubspec.yaml"] } },
  { name: "gleam", extensions: [".gleam"], program: "gleam", args: ["format", "$FILE"], evidence: { files: ["gleam.toml"] } },
  { name: "ktlint", extensions: [".kt", ".kts"], program: "ktlint", args: ["-F", "$FILE"], evidence: { files: [".editorconfig"] } },
  {
    name: "ocamlformat",
    extensions: [".ml", ".mli"],
    program: "ocamlformat",
    args: ["-i", "$FILE"],
    evidence: { files: [".ocamlformat"] },
  },
  {
    name: "mix",
    extensions: [".ex", ".exs", ".eex", ".heex", ".leex"],
    program: "mix",
    args: ["format", "$FILE"],
    evidence: { files: ["mix.exs", ".formatter.exs"] },
    runsProjectCode: true,
  },
];
