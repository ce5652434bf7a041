import { AppError } from "../schema/error.ts";
import type { Git } from "./git.ts";

/** git itself refuses a patch that leads out of the directory, into `.git` or through a link; here it also has to be said, not skipped. */
export async function applyPatch(git: Git, { directory, patch }: { directory: string; patch: string }): Promise<{ applied: true }> {
  const repository = await git(directory, ["rev-parse", "--is-inside-work-tree"]);
  if (repository.stdout !== "true") throw refused("non-git", `${directory} lies in no git repository.`);
  const { code, stderr } = await git(directory, ["apply", "--whitespace=nowarn", "--verbose", "-"], { input: patch });
  const skipped = /^Skipped patch '(.+)'\.$/m.exec(stderr)?.[1];
  if (skipped !== undefined) throw refused("not-clean", `The patch changes "${skipped}", outside of ${directory}.`);
  if (code !== 0) throw refused("not-clean", `The patch does not apply: ${reasonOf(stderr)}`);
  return { applied: true };
}

/** Beside its progress, git says in one line a fault what is wrong. */
function reasonOf(stderr: string): string {
  const faults = stderr.split("\n").filter((line) => line.startsWith("error: "));
  return faults.map((line) => line.slice("error: ".length)).join("; ") || stderr;
}

function refused(reason: "non-git" | "not-clean", message: string): AppError {
  return new AppError("VcsApplyError", message, { reason });
}
