import { isObject, type Json, mergeDeep } from "./merge.ts";

/** Tools that OpenCode's permissions treat as one. */
const editing = new Set(["write", "edit", "patch", "multiedit"]);

/** Older ways to say things, said the current way too: `mode` as primary agents, `tools` as permissions, `autoshare` as `share`. What is said both ways counts in the current one. */
export function modernise(config: Json): Json {
  return withShare(withPermission(withAgents(config)));
}

function withAgents(config: Json): Json {
  if (!isObject(config.mode)) return config;
  const modes = Object.entries(config.mode).map(([name, mode]) => [name, isObject(mode) ? { ...mode, mode: "primary" } : mode]);
  return { ...config, agent: mergeDeep(Object.fromEntries(modes), isObject(config.agent) ? config.agent : {}) };
}

function withPermission(config: Json): Json {
  if (!isObject(config.tools) || typeof config.permission === "string") return config;
  const rules = Object.entries(config.tools).map(([tool, enabled]) => [editing.has(tool) ? "edit" : tool, enabled ? "allow" : "deny"]);
  return { ...config, permission: mergeDeep(Object.fromEntries(rules), isObject(config.permission) ? config.permission : {}) };
}

function withShare(config: Json): Json {
  return config.autoshare === true && config.share === undefined ? { ...config, share: "auto" } : config;
}
