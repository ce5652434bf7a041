import { existsSync } from "node:fs";
import path from "node:path";
import type { Word } from "./shell-word.ts";

/** Devices that hold nothing of anybody. */
const harmless = /^\/dev\/(null|zero|full|u?random|stdin|stdout|stderr|tty|fd(\/\d+)?)$/;

/** These take names of files and directories, whether there is something by that name or not. */
const fileCommands = new Set(
  "cat cp dd head install ln ls mkdir mv rm rmdir rsync shred source tail tar tee touch truncate unlink unzip .".split(" "),
);

/**
 * The paths, absolute, that a command names and that might lead out of `directory`: from the root, from the home, or with `..`. What
 * only looks like one (`/api/users`, `s/a/b/`) counts where its first name exists.
 */
export function namedPaths(words: Word[], directory: string | undefined): string[] {
  const [program, ...operands] = words;
  const takesFiles = fileCommands.has(path.posix.basename(program?.value ?? ""));
  return operands.flatMap((word) => candidates(word).flatMap((text) => pathOf(text, { directory, takesFiles }) ?? []));
}

/** A redirection's target is always a file. */
export function redirectPath(word: Word, directory: string | undefined): string | undefined {
  return pathOf(word.value, { directory, takesFiles: true });
}

export function isHarmless(file: string): boolean {
  return harmless.test(file);
}

/** The word, and what stands in it as the value of an option: `--file=/x`, `of=/x`, `-I/x`; each choice of `{a,b}`. */
function candidates({ value, raw }: Word): string[] {
  const texts = /\{[^{}]*,[^{}]*\}/.test(raw) ? braces(value) : [value];
  return texts.flatMap((text) => {
    const bare = text.replace(/^file:\/\//, "");
    const given = /^-{0,2}[\w-]+=(.*)$/s.exec(bare)?.[1] ?? /^-[A-Za-z]((?:\/|\.\.\/|~\/).*)$/s.exec(bare)?.[1];
    return [given ?? bare];
  });
}

function braces(text: string): string[] {
  const found = /^(.*?)\{([^{}]*,[^{}]*)\}(.*)$/s.exec(text);
  if (!found) return [text];
  const [, before = "", choices = "", after = ""] = found;
  return choices.split(",").flatMap((choice) => braces(before + choice + after));
}

function pathOf(text: string, { directory, takesFiles }: { directory: string | undefined; takesFiles: boolean }): string | undefined {
  // A wildcard stands for names in the directory before it.
  const plain = text.replace(/[^/]*[*?[].*$/s, "");
  if (plain === "" || plain.includes("\0") || harmless.test(plain)) return undefined;
  if (path.isAbsolute(plain)) return takesFiles || existsSync(firstName(plain)) ? plain : undefined;
  // Without `..` it stays inside, but for a link on its way.
  const isName = plain.split("/").includes("..") || takesFiles || plain.includes("/");
  return isName && directory !== undefined && !plain.startsWith("-") && !/^\w+:\/\//.test(plain)
    ? path.resolve(directory, plain)
    : undefined;
}

function firstName(absolute: string): string {
  const { root } = path.parse(absolute);
  return (
    root +
    (absolute
      .slice(root.length)
      .split(/[\\/]/)
      .find((name) => name !== "") ?? "")
  );
}
