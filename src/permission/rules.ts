import { homedir } from "node:os";
import type { PermissionAction, PermissionRule, PermissionRuleset } from "../schema/session.ts";

/** What one call touches: the permission's name and one of its patterns. */
export interface Subject {
  permission: string;
  pattern: string;
}

export interface RuleOptions {
  /** What `~` and `$HOME` stand for; the user's home unless told. */
  home?: string;
}

/** The action of the last rule that matches; `ask` when none does. */
export function evaluate(rules: PermissionRuleset, permission: string, pattern: string, options: RuleOptions = {}): PermissionAction {
  return findRule(rules, { permission, pattern }, options)?.action ?? "ask";
}

/** The last rule that matches, for whoever has to name it. */
export function findRule(rules: PermissionRuleset, subject: Subject, { home = homedir() }: RuleOptions = {}): PermissionRule | undefined {
  const name = subject.permission;
  const pattern = expandHome(subject.pattern, home);
  return rules.findLast((rule) => matches(name, rule.permission) && matches(pattern, expandHome(rule.pattern, home)));
}

/**
 * Whether the text fits the wildcard: `*` is any characters (slashes and line breaks too), `?` exactly one. A trailing ` *` also
 * fits nothing, so that `git status *` covers `git status`. Takes time proportional to text times wildcard, whatever they are.
 */
export function matches(text: string, wildcard: string): boolean {
  const subject = withSlashes(text);
  const pattern = withSlashes(wildcard);
  return fits([...subject], [...pattern]) || (pattern.endsWith(" *") && fits([...subject], [...pattern.slice(0, -2)]));
}

/** Greedy: after a mismatch only the newest `*` takes one character more. */
function fits(text: string[], pattern: string[]): boolean {
  let at = 0;
  let next = 0;
  let star = -1;
  let resume = 0;
  while (at < text.length) {
    if (pattern[next] === "*") {
      star = next++;
      resume = at;
    } else if (pattern[next] === "?" || pattern[next] === text[at]) {
      next++;
      at++;
    } else if (star >= 0) {
      next = star + 1;
      at = ++resume;
    } else return false;
  }
  while (pattern[next] === "*") next++;
  return next === pattern.length;
}

function expandHome(pattern: string, home: string): string {
  for (const name of ["~", "$HOME"]) {
    if (pattern === name) return home;
    if (pattern.startsWith(`${name}/`)) return home + pattern.slice(name.length);
  }
  return pattern;
}

/** Absolute Windows paths compare with either slash; in anything else a backslash is itself. */
function withSlashes(text: string): string {
  return /^([a-z]:\\|\\\\)/i.test(text) ? text.replaceAll("\\", "/") : text;
}
