import { readShell } from "./shell-reading.ts";

/**
 * What a command line asks permission for. Every simple command in it is a pattern of its own, so that `allow echo *` does
 * not allow `echo x; rm -rf y`. What cannot be read is asked for as a whole.
 */
export interface CommandPatterns {
  patterns: string[];
  /** What an answer of `always` covers: the program with its subcommand, any arguments. */
  always: string[];
  /** Paths that the command line names and that may lie outside, absolute. */
  paths: string[];
}

/** How many words name what is done, for programs with subcommands; the longest matching prefix decides. */
const subcommands = new Map<string, number>([
  ...["apt", "apt-get", "aws", "az", "brew", "bun", "cargo", "composer", "conda", "deno", "docker", "dotnet", "flutter", "gcloud", "gem"]
    .concat(["gh", "git", "go", "gradle", "helm", "kubectl", "make", "mise", "mix", "mvn", "npm", "npx", "nx", "pip", "pip3", "pipenv"])
    .concat(["pnpm", "podman", "poetry", "rails", "rustup", "swift", "systemctl", "task", "terraform", "turbo", "uv", "vite", "yarn"])
    .map((program): [string, number] => [program, 2]),
  ...["npm run", "pnpm run", "yarn run", "bun run", "npm exec", "pnpm exec", "deno task", "docker compose", "git remote", "git stash"]
    .concat(["git config", "git worktree", "gh pr", "gh issue", "gh api", "uv run", "uv pip", "poetry run", "python -m", "python3 -m"])
    .map((prefix): [string, number] => [prefix, 3]),
]);

/** These run whatever their arguments say: "always" must not mean any argument. */
const runners = new Set(
  "sudo doas su env xargs bash sh zsh dash ksh fish eval exec source . nohup time timeout command builtin nice setsid ssh python python3 node ruby perl php find".split(
    " ",
  ),
);

/** Nothing to ask for is possible: `cd src` alone. */
export async function commandPatterns(
  command: string,
  place: { directory: string; environment: NodeJS.ProcessEnv },
): Promise<CommandPatterns> {
  const whole = command.trim();
  const reading = process.platform === "win32" ? undefined : await readShell(whole, place);
  if (reading === undefined) return { patterns: [whole], always: [whole], paths: [] };
  const { commands, paths } = reading;
  return { patterns: unique(commands), always: unique(commands.map(alwaysPattern)), paths: unique(paths) };
}

function alwaysPattern(command: string): string {
  const words = command.split(/\s+/);
  const [program = ""] = words;
  // A variable set for one command may change what it does, and a quoted name may hide it.
  if (runners.has(program) && !subcommands.has(`${program} ${words[1]}`)) return command;
  if (!/^[\w./+-]+$/.test(program)) return command;
  const known = subcommands.get(words.slice(0, 2).join(" "));
  const prefix = words.slice(0, known ?? subcommands.get(program) ?? 1);
  // An option before the subcommand may change everything: `git -c alias.x=!rm x`.
  const isPlain = prefix.every((word, index) => /^[\w./:@+][\w./:@+-]*$/.test(word) || (known !== undefined && index === 1));
  return isPlain ? `${prefix.join(" ")} *` : command;
}

function unique(values: string[]): string[] {
  return [...new Set(values)];
}
