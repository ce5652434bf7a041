/**
 * What a command line asks permission for. Every simple command in it is a pattern of its own, so that `allow echo *` does
 * not allow `echo x; rm -rf y`. The reading is deliberately small; what it does not understand is asked for as a whole.
 */
export interface CommandPatterns {
  patterns: string[];
  /** What an answer of `always` covers: the program with its subcommand, any arguments. */
  always: string[];
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

const keywords = new Set("if then elif else fi while until do done for case esac in select function { } ! [[ ]]".split(" "));

export function commandPatterns(command: string): CommandPatterns {
  const whole = command.trim();
  const simple = splitCommands(whole);
  if (simple === undefined || simple.length === 0) return { patterns: [whole], always: [whole] };
  return { patterns: unique(simple), always: unique(simple.map(alwaysPattern)) };
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

/** The simple commands of a line, or `undefined` where it holds more than words, quotes and operators. */
function splitCommands(line: string): string[] | undefined {
  const commands: string[] = [];
  let start = 0;
  let at = 0;
  const end = (to: number, next: number) => {
    commands.push(line.slice(start, to).trim());
    start = next;
    at = next;
  };
  while (at < line.length) {
    const quoted = skipQuoted(line, at);
    if (quoted === undefined) return undefined;
    if (quoted > at) {
      at = quoted;
      continue;
    }
    const operator = operatorAt(line, at);
    if (operator > 0) end(at, at + operator);
    else if (isBeyondUs(line, at)) return undefined;
    else at++;
  }
  end(line.length, line.length);
  const found = commands.filter((command) => command !== "");
  return found.some((command) => keywords.has(command.split(/\s/)[0] ?? "")) ? undefined : found;
}

/** After a quoted stretch or an escaped character; `at` itself if none begins here; `undefined` if it hides a command or never ends. */
function skipQuoted(line: string, at: number): number | undefined {
  const quote = line[at];
  if (quote === "\\") return at + 2;
  if (quote !== "'" && quote !== '"') return at;
  for (let index = at + 1; index < line.length; index++) {
    if (line[index] === quote) return index + 1;
    if (quote === "'") continue;
    if (line[index] === "\\") index++;
    else if (line[index] === "`" || line.startsWith("$(", index)) return undefined;
  }
  return undefined;
}

/** The length of the operator that ends a simple command here, else 0. `2>&1`, `&>file` and `>|file` are redirections. */
function operatorAt(line: string, at: number): number {
  const character = line[at] ?? "";
  if (character === "\n" || character === ";") return 1;
  if (character === "|") return line[at - 1] === ">" ? 0 : line[at + 1] === "|" || line[at + 1] === "&" ? 2 : 1;
  if (character !== "&") return 0;
  if (line[at + 1] === "&") return 2;
  return line[at - 1] === ">" || line[at - 1] === "<" || line[at + 1] === ">" ? 0 : 1;
}

/** Substitutions, subshells, functions, here-documents and comments: nested text that is not split here. */
function isBeyondUs(line: string, at: number): boolean {
  const character = line[at] ?? "";
  if (character === "#") return at === 0 || /\s/.test(line[at - 1] ?? "");
  return "`()".includes(character) || line.startsWith("<<", at);
}

function unique(values: string[]): string[] {
  return [...new Set(values)];
}
