import type { generateOpenApiDocument, OpenAPIObject } from "trpc-to-openapi";

type Operation = NonNullable<NonNullable<OpenAPIObject["paths"]>[string]["get"]>;
type Schemes = NonNullable<Parameters<typeof generateOpenApiDocument>[1]["securitySchemes"]>;

export const info = {
  title: "codeport",
  description:
    "An agent server that OpenCode's clients understand. Every operation is also a tRPC procedure under `/trpc`; events stream from " +
    "`/event` and `/global/event`. Errors have one shape, `ErrorBody`. A request works in the server's directory unless `directory` " +
    "(or the header `x-opencode-directory`) names another one below its roots.",
  contact: { name: "The authors of Codeport" },
  license: { name: "MIT", identifier: "MIT" },
};

/** One scheme for each way to say who calls. Without a password the server asks nobody. */
export const securitySchemes: Schemes = {
  basic: { type: "http", scheme: "basic", description: "User name (`opencode` unless told) and password." },
  bearer: { type: "http", scheme: "bearer", description: "An access token, or base64(user:password)." },
  query: {
    type: "apiKey",
    in: "query",
    name: "auth_token",
    description: "An access token or base64(user:password), for what sends no headers: EventSource, WebSocket and links of a browser.",
  },
  ticket: { type: "apiKey", in: "query", name: "ticket", description: "A ticket of POST /token/ticket: opens one stream, once." },
};

const authenticated: NonNullable<Operation["security"]> = [{ basic: [] }, { bearer: [] }, { query: [] }];

/** Who may call: anyone who says who they are, with a few exceptions. */
export function securityOf(path: string): NonNullable<Operation["security"]> {
  // The link's secret is all that it takes.
  if (path.startsWith("/share/")) return [];
  if (/^\/(global\/event|events?)$/.test(path)) return [...authenticated, { ticket: [] }];
  // A check of this machine's own needs no password.
  return path === "/global/health" ? [{}, ...authenticated] : authenticated;
}

const tagDescriptions: Record<string, string> = {
  agent: "Who can do the work: built-in agents and those of the configuration.",
  app: "What there is to work with: agents, skills, the server's log.",
  audit: "The record of who changed what.",
  auth: "Credentials of providers.",
  budget: "What may be spent.",
  chat: "The chat API: one call in, one answer out.",
  command: "Slash commands.",
  config: "The configuration, merged from its files.",
  control: "Credentials and the server's log.",
  doc: "This document and the pages that show it.",
  event: "What happens, as it happens.",
  experimental: "What OpenCode calls experimental: tools and resources.",
  file: "The files of the directory.",
  find: "Searching in files, file names and symbols.",
  formatter: "Formatters that run after an edit.",
  global: "The server itself.",
  instance: "What the server holds for one directory.",
  log: "The server's log.",
  location: "What there is in a directory, as the newer API lists it.",
  memory: "What is remembered from one session to the next.",
  lsp: "Language servers.",
  mcp: "MCP servers, their tools and logins.",
  path: "Where things are on this machine.",
  permission: "What the agent asks leave for.",
  project: "The checkouts that were worked in.",
  provider: "Providers of models, and how to log in to them.",
  pty: "Terminals.",
  question: "What the agent asks people.",
  session: "Conversations with the agent, their messages, and what they changed.",
  share: "Read-only pages of shared sessions.",
  skill: "Instructions that the agent loads when it needs them.",
  sync: "Events of other servers.",
  token: "Tokens with scopes.",
  tool: "The agent's tools, to be called by programs.",
  tui: "Steering an attached terminal client.",
  trust: "The directories whose configuration may run commands.",
  usage: "What was spent.",
  vcs: "The version control of the directory.",
};

/** The tags in use, each with what it is about. */
export function tagsOf(operations: Operation[]): { name: string; description?: string }[] {
  const used = [...new Set(operations.flatMap(({ tags }) => tags ?? []))].sort();
  return used.map((name) => ({ name, description: tagDescriptions[name] }));
}
