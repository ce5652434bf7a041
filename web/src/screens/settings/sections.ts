/** What `/settings/<name>` shows; the first where nothing is named. */
export const sections = [
  { name: "providers", title: "Providers" },
  { name: "models", title: "Models" },
  { name: "agents", title: "Agents" },
  { name: "mcp", title: "MCP servers" },
  { name: "languages", title: "Languages" },
  { name: "config", title: "Configuration" },
  { name: "tokens", title: "Tokens" },
  { name: "audit", title: "Audit" },
  { name: "doctor", title: "Doctor" },
] as const;

export type SectionName = (typeof sections)[number]["name"];
