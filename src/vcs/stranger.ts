import type { Git } from "./git.ts";

/** An empty variable: a setting with this value is off. */
const nothing = "CODEPORT_NOTHING";

/** Nothing is fetched that a repository lacks: where from, and by which program, is its own word. */
export function offlineGit(git: Git): Git {
  return (directory, args, call) =>
    git(directory, args, { ...call, variables: { GIT_NO_LAZY_FETCH: "1", GIT_ALLOW_PROTOCOL: "none", ...call?.variables } });
}

/** Commands that read or write contents as the repository's attributes say; whatever writes an index looks once more at files as young as that. */
const filtering = ["diff", "update-index", "apply"];

/**
 * A git for repositories that nobody trusts: contents go through no filter, and what is not there is not fetched. An archive may bring a `.git`
 * whose configuration names programs for both.
 */
export function strangerGit(git: Git): Git {
  const offline = offlineGit(git);
  return async (directory, args, call) => {
    const reads = args.some((argument) => filtering.includes(argument));
    const filters = reads ? await filtersOf(offline, directory) : [];
    const off = filters.flatMap((filter) =>
      ["clean", "smudge", "process", "required"].map((setting) => `--config-env=${filter}.${setting}=${nothing}`),
    );
    return offline(directory, [...off, ...args], { ...call, variables: { [nothing]: "" } });
  };
}

/** `filter.NAME` of each that is configured anywhere; a name may hold whatever it likes. */
async function filtersOf(git: Git, directory: string): Promise<string[]> {
  const { stdout } = await git(directory, ["config", "--null", "--name-only", "--get-regexp", "^filter\\."], { exact: true });
  const keys = stdout.split("\0").filter((key) => key !== "");
  return [...new Set(keys.map((key) => key.slice(0, key.lastIndexOf("."))))];
}
