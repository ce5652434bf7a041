import { isObject, type Json } from "./merge.ts";
import { hasReferences } from "./substitute.ts";

/** What a directory nobody trusts may decide: which of the user's models and prompts to use, and how things look. */
const harmless = new Set([
  "$schema",
  "model",
  "small_model",
  "default_agent",
  "username",
  "layout",
  "attachment",
  "tool_output",
  "compaction",
  "watcher",
  "disabled_providers",
]);

/** Of an agent likewise: not its permissions, tools and provider options. */
const harmlessOfAgents = new Set([
  "model",
  "variant",
  "temperature",
  "top_p",
  "prompt",
  "disable",
  "description",
  "mode",
  "hidden",
  "color",
  "steps",
  "maxSteps",
]);

export interface Restricted {
  value: Json;
  /** Key paths that were left out, sorted. */
  ignored: string[];
}

/**
 * What remains of a project file in a directory that is not trusted. Everything that runs commands, grants permissions, opens or fetches
 * something, or says where data goes, is left out; a key is dangerous until it is listed as harmless.
 */
export function restrict(value: Json): Restricted {
  const ignored: string[] = [];
  const entries = Object.entries(value).flatMap(([key, entry]): [string, unknown][] => {
    if (harmless.has(key)) return [[key, entry]];
    if ((key === "agent" || key === "mode") && isObject(entry)) return [[key, restrictAgents(entry, { key, ignored })]];
    if (key === "command" && isObject(entry)) return restrictCommands(entry, ignored);
    if (key === "instructions" && Array.isArray(entry)) return [[key, restrictInstructions(entry, ignored)]];
    if (key === "share" && entry === "disabled") return [[key, entry]];
    ignored.push(key);
    return [];
  });
  if (hasReferences(value)) ignored.push("{env:} and {file:}");
  return { value: Object.fromEntries(entries), ignored: ignored.sort() };
}

function restrictAgents(agents: Json, { key, ignored }: { key: string; ignored: string[] }): Json {
  const restrictAgent = (name: string, agent: unknown): unknown => {
    if (!isObject(agent)) return agent;
    const dropped = Object.keys(agent).filter((field) => !harmlessOfAgents.has(field));
    ignored.push(...dropped.map((field) => `${key}.${name}.${field}`));
    return Object.fromEntries(Object.entries(agent).filter(([field]) => harmlessOfAgents.has(field)));
  };
  return Object.fromEntries(Object.entries(agents).map(([name, agent]) => [name, restrictAgent(name, agent)]));
}

/** What a command says is only said when somebody calls it; what it runs would run then too. */
function restrictCommands(commands: Json, ignored: string[]): [string, unknown][] {
  const runs = ([, command]: [string, unknown]): boolean => JSON.stringify(command ?? null).includes("!`");
  const entries = Object.entries(commands);
  ignored.push(...entries.filter(runs).map(([name]) => `command.${name} (it runs something)`));
  const kept = entries.filter((entry) => !runs(entry));
  return kept.length === 0 ? [] : [["command", Object.fromEntries(kept)]];
}

/** Files of the project itself may instruct; an address, the home directory or a way out may not. */
function restrictInstructions(instructions: unknown[], ignored: string[]): unknown[] {
  const isOwn = (entry: unknown): boolean =>
    typeof entry === "string" && !/^([a-z][a-z\d+.-]*:|[/\\~])/i.test(entry) && !entry.split(/[/\\]/).includes("..");
  const kept = instructions.filter(isOwn);
  if (kept.length < instructions.length) ignored.push("instructions (addresses and paths that lead out)");
  return kept;
}

/** The warning that names what was left out of a file. */
export function untrustedKeys({ file, project }: { file: string; project: string }, ignored: string[]): string {
  return `${file}: ${ignored.join(", ")} ignored, because ${project} is not trusted. To trust it: codeport trust ${project}`;
}

export function linkedOut({ file, project }: { file: string; project: string }): string {
  return `${file} is ignored: it links to something outside ${project}, which is not trusted.`;
}
