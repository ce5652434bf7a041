import type { PermissionConfig } from "../schema/permission.ts";
import type { PermissionRuleset } from "../schema/session.ts";

/**
 * A configuration's permissions as rules, in its own order: the last rule that matches decides. `"ask"` is a rule for everything,
 * `{ bash: "ask" }` one for every pattern of a permission, `{ bash: { "git *": "allow" } }` one for each pattern.
 */
export function rulesFromConfig(config: PermissionConfig | undefined): PermissionRuleset {
  if (config === undefined) return [];
  if (typeof config === "string") return [{ permission: "*", pattern: "*", action: config }];
  return Object.entries(config).flatMap(([permission, rule]) => {
    if (rule === undefined) return [];
    if (typeof rule === "string") return [{ permission, pattern: "*", action: rule }];
    return Object.entries(rule).map(([pattern, action]) => ({ permission, pattern, action }));
  });
}

/** The older form: tools switched on and off. Everything that writes files is the permission `edit`. */
export function rulesFromTools(tools: Record<string, boolean> | undefined): PermissionRuleset {
  return Object.entries(tools ?? {}).map(([tool, enabled]) => {
    const permission = writers.has(tool) ? "edit" : tool;
    return { permission, pattern: "*", action: enabled ? ("allow" as const) : ("deny" as const) };
  });
}

const writers = new Set(["write", "edit", "patch", "multiedit", "apply_patch"]);

/** What holds for every agent unless the configuration says otherwise. */
export const defaultRules: PermissionRuleset = rulesFromConfig({
  "*": "allow",
  external_directory: "ask",
  doom_loop: "ask",
  read: { "*": "allow", "*.env": "ask", "*.env.*": "ask", "*.env.example": "allow" },
});

/** Commands that only look. */
const looking = ["cat *", "head *", "tail *", "ls", "ls *", "pwd", "wc *", "grep *", "rg *", "file *", "stat *", "du *", "which *"].concat(
  ["status", "diff", "log", "show", "blame", "rev-parse", "ls-files"].flatMap((command) => [`git ${command}`, `git ${command} *`]),
  ["git branch", "git remote -v"],
);

/** What turns a command that only looks into one that does more: further commands, files written, programs run, secrets read. */
const more = ["*;*", "*&*", "*|*", "*>*", "*<*", "*`*", "*$*", "*\n*", "*--output*", "*--pre*", "*--ext-diff*", "*.env*"];

/** Rules for `bash` that let through what only looks and take `otherwise` for all else. */
export function lookingOnly(otherwise: "ask" | "deny"): PermissionRuleset {
  const patterns = [["*", otherwise], ...looking.map((pattern) => [pattern, "allow"]), ...more.map((pattern) => [pattern, otherwise])];
  return rulesFromConfig({ bash: Object.fromEntries(patterns) });
}
