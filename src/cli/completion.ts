import { commands, readArguments } from "./arguments.ts";
import type { Host } from "./env.ts";
import { exitCodes, Failure } from "./failure.ts";
import { agentActions, authActions, mcpActions, sessionActions } from "./served-flags.ts";

/** What may stand behind a command. */
interface Choice {
  command: string;
  actions: readonly string[];
  /** With their dashes. */
  flags: string[];
}

const actions: Record<string, readonly string[]> = {
  session: sessionActions,
  agent: agentActions,
  mcp: mcpActions,
  auth: authActions,
  token: ["create", "list", "revoke"],
  audit: ["list", "verify"],
  completion: ["bash", "zsh", "fish"],
};

const scripts: Record<string, (choices: Choice[]) => string> = { bash, zsh, fish };

/** `completion [shell]`: the script that completes commands, actions and flags there; the user's own shell unless told. */
export async function completion(shell: string | undefined, { variables, stdout }: Host): Promise<number> {
  const name = shell ?? /[^/\\]*$/.exec(variables.SHELL ?? "")?.[0] ?? "";
  const script = scripts[name];
  if (script === undefined) throw new Failure("usage", `Name the shell: codeport completion ${Object.keys(scripts).join("|")}.`);
  stdout.write(script(await choices()));
  return exitCodes.ok;
}

/** The help is the one place that knows every flag. */
async function choices(): Promise<Choice[]> {
  return Promise.all(
    commands.map(async (command) => {
      const help = await readArguments([command, "--help"], "");
      const text = help.command === "print" ? help.text : "";
      const flags = [...text.matchAll(/^\s+(?:-\w, )?(--[\w-]+) /gm)].map(([, flag = ""]) => flag);
      return { command, actions: actions[command] ?? [], flags };
    }),
  );
}

function bash(all: Choice[]): string {
  const cases = all.map(
    ({ command, actions: words, flags }) => `    ${command}) actions="${words.join(" ")}" flags="${flags.join(" ")}" ;;`,
  );
  return `# source <(codeport completion bash)
_codeport() {
  local current="\${COMP_WORDS[COMP_CWORD]}" actions="" flags="--help --version"
  case "\${COMP_WORDS[1]}" in
${cases.join("\n")}
  esac
  [ "$COMP_CWORD" -eq 1 ] && actions="${all.map(({ command }) => command).join(" ")}"
  [ "$COMP_CWORD" -gt 2 ] && actions=""
  case "$current" in
    -*) actions="$flags" ;;
  esac
  COMPREPLY=($(compgen -W "$actions" -- "$current"))
}
complete -o default -F _codeport codeport opencode
`;
}

function zsh(all: Choice[]): string {
  return `# source <(codeport completion zsh)\n(( $+functions[compdef] )) || { autoload -Uz compinit && compinit }\nautoload -U +X bashcompinit && bashcompinit\n${bash(all)}`;
}

function fish(all: Choice[]): string {
  const names = all.map(({ command }) => command).join(" ");
  const lines = all.flatMap(({ command, actions: words, flags }) => {
    const when = `-n "__fish_seen_subcommand_from ${command}"`;
    return [
      ...(words.length === 0 ? [] : [`complete -c codeport ${when} -a "${words.join(" ")}"`]),
      ...flags.map((flag) => `complete -c codeport ${when} -l ${flag.slice(2)}`),
    ];
  });
  const first = `complete -c codeport -n "__fish_use_subcommand" -a "${names}"`;
  return ["# codeport completion fish | source", first, ...lines, "complete -c opencode -w codeport", ""].join("\n");
}
