import type { IForbiddenRuleType } from "dependency-cruiser";

/** From the roof to the ground. An import only goes down; a floor's rooms meet further up, not each other. */
export const floors = [
  { name: "commands", path: "^src/cli/" },
  { name: "terminal", path: "^src/terminal/" },
  { name: "hosts", path: "^src/(server|client)/" },
  { name: "procedures", path: "^routers/" },
  { name: "composition", path: "^src/[^/]+\\.ts$" },
  { name: "session", path: "^src/session/" },
  // Every room that no other floor names.
  {
    name: "services",
    path: "^src/(?!(cli|terminal|server|client|session|event|log|file-store|callback|proxy|held-file|schema|types)/)[^/]+/",
  },
  { name: "event", path: "^src/event/" },
  { name: "db", path: "^db/" },
  { name: "log", path: "^src/log/" },
  { name: "ground", path: "^src/(file-store|callback|proxy|held-file)/" },
  { name: "schema", path: "^src/schema/" },
];

/** A room's door is the file that bears its name. These rooms have others, or only others. */
const doors = [
  "^src/([^/]+)/\\1\\.ts$",
  "^src/agent/(turn|loop|agents|system|rules)\\.ts$",
  "^src/tool/(registry|file-times)\\.ts$",
  "^src/client/(client|server)\\.ts$",
  "^src/provider/price\\.ts$",
  "^src/event/log\\.ts$",
  "^src/server/(listen|mdns)\\.ts$",
  "^src/cli/(main|env)\\.ts$",
  "^src/(schema|types)/",
];

const atRuntime = { dependencyTypesNot: ["type-only" as const] };
const outside = "^(test|bench|examples|web)/";

const down: IForbiddenRuleType[] = floors.slice(1).map((floor, index) => ({
  name: `${floor.name}-imports-only-down`,
  severity: "error",
  from: { path: floor.path },
  to: { path: [outside, ...floors.slice(0, index + 1).map((above) => above.path)] },
}));

/** One entry a rule, in the words of dependency-cruiser. `$1` is the room of the importing file. */
export const rules: IForbiddenRuleType[] = [
  ...down,
  {
    name: "services-meet-in-app",
    comment: "a service may know a sibling's types, by its door; the sibling itself is passed in",
    severity: "error",
    from: {
      path: "^src/([^/]+)/",
      pathNot: "^src/(cli|terminal|server|client|session|event|log|file-store|callback|proxy|held-file|schema|types)/",
    },
    to: { path: floors[6]?.path ?? "", pathNot: "^src/$1/", ...atRuntime },
  },
  {
    name: "agent-and-tools-know-no-session",
    comment: "the loop yields parts and a tool asks its context; whoever calls them saves and publishes",
    severity: "error",
    from: { path: "^src/(agent|tool)/" },
    to: { path: "^(src/(session|event|server)/|db/|routers/)" },
  },
  {
    name: "procedures-hold-no-logic",
    comment: "a procedure reaches services through its context, so it needs only their types",
    severity: "error",
    from: { path: "^routers/" },
    to: { path: "^(src|db)/", pathNot: "^src/schema/", ...atRuntime },
  },
  {
    name: "client-knows-only-types",
    severity: "error",
    from: { path: "^src/client/" },
    to: { path: "^(src|db|routers)/", pathNot: "^src/(client|schema)/", ...atRuntime },
  },
  {
    name: "terminal-knows-only-the-client",
    comment: "it drives any server, this process's own too, by what every client can call",
    severity: "error",
    from: { path: "^src/terminal/" },
    to: { path: "^(src|db|routers)/", pathNot: "^src/(terminal|client)/" },
  },
  {
    name: "hosts-know-no-store",
    severity: "error",
    from: { path: "^src/(server|client)/" },
    to: { path: "^db/" },
  },
  {
    name: "rooms-have-doors",
    severity: "error",
    from: { path: "^src/([^/]+)/" },
    to: { path: "^src/[^/]+/", pathNot: ["^src/$1/", ...doors] },
  },
  {
    name: "rooms-have-doors-outside",
    severity: "error",
    from: { path: "^(src/[^/]+\\.ts$|routers/|db/)" },
    to: { path: "^src/[^/]+/", pathNot: doors },
  },
  {
    name: "queries-live-in-db",
    severity: "error",
    from: { path: "^(src|routers)/" },
    to: { path: "(^|/)drizzle-orm(/|$)", ...atRuntime },
  },
  {
    name: "trpc-lives-in-routers-and-hosts",
    severity: "error",
    from: { path: "^(src|db)/", pathNot: "^src/(server|client|cli)/" },
    to: { path: "(^|/)@trpc/" },
  },
  {
    name: "every-import-is-found",
    comment: "what cannot be resolved cannot be judged",
    severity: "error",
    from: {},
    to: { couldNotResolve: true },
  },
];

/** Imports that break a rule and may. Each with its reason. */
export const exceptions: { rule: string; from: string; to: string; why: string }[] = [];

/** The only reader of the process's environment: everything else is handed its values. */
export const environmentReader = "src/cli/env.ts";

/** Planted files and the rule each of them breaks. */
export const planted: { file: string; imports: string; rule: string }[] = [
  { file: "src/log/bad.ts", imports: `import "../../db/client.ts";`, rule: "log-imports-only-down" },
  { file: "src/file-store/bad.ts", imports: `import "../event/log.ts";`, rule: "ground-imports-only-down" },
  { file: "src/schema/bad.ts", imports: `import "../event/log.ts";`, rule: "schema-imports-only-down" },
  { file: "db/bad.ts", imports: `import type { log } from "../src/event/log.ts";`, rule: "db-imports-only-down" },
  { file: "src/event/bad.ts", imports: `import "../session/session.ts";`, rule: "event-imports-only-down" },
  { file: "src/agent/bad.ts", imports: `import type { session } from "../session/session.ts";`, rule: "services-imports-only-down" },
  { file: "src/agent/lazy.ts", imports: `await import("../session/session.ts");`, rule: "services-imports-only-down" },
  { file: "src/agent/using.ts", imports: `await using a = await import("../session/session.ts");`, rule: "services-imports-only-down" },
  { file: "src/agent/each.ts", imports: `for (using a of []) await import("../session/session.ts");`, rule: "services-imports-only-down" },
  { file: "src/session/bad.ts", imports: `import "../app.ts";`, rule: "session-imports-only-down" },
  { file: "src/bad.ts", imports: `import "../routers/index.ts";`, rule: "composition-imports-only-down" },
  { file: "routers/bad.ts", imports: `import "../src/server/listen.ts";`, rule: "procedures-imports-only-down" },
  { file: "src/server/bad.ts", imports: `import "../cli/main.ts";`, rule: "hosts-imports-only-down" },
  { file: "src/config/bad.ts", imports: `import { file } from "../file/file.ts";`, rule: "services-meet-in-app" },
  { file: "src/tool/bad.ts", imports: `import type { log } from "../event/log.ts";`, rule: "agent-and-tools-know-no-session" },
  { file: "routers/logic.ts", imports: `import { app } from "../src/app.ts";`, rule: "procedures-hold-no-logic" },
  { file: "src/client/bad.ts", imports: `import { router } from "../../routers/index.ts";`, rule: "client-knows-only-types" },
  { file: "src/terminal/bad.tsx", imports: `import type { Session } from "../schema/session.ts";`, rule: "terminal-knows-only-the-client" },
  { file: "src/client/up.ts", imports: `import "../terminal/terminal.ts";`, rule: "hosts-imports-only-down" },
  { file: "src/terminal/up.ts", imports: `import "../cli/main.ts";`, rule: "terminal-imports-only-down" },
  { file: "src/server/rows.ts", imports: `import type { client } from "../../db/client.ts";`, rule: "hosts-know-no-store" },
  { file: "src/session/private.ts", imports: `import type { secret } from "../file/secret.ts";`, rule: "rooms-have-doors" },
  { file: "routers/private.ts", imports: `import type { secret } from "../src/file/secret.ts";`, rule: "rooms-have-doors-outside" },
  { file: "src/event/sql.ts", imports: `import { sql } from "drizzle-orm";`, rule: "queries-live-in-db" },
  { file: "src/session/trpc.ts", imports: `import { TRPCError } from "@trpc/server";`, rule: "trpc-lives-in-routers-and-hosts" },
  { file: "src/file/lost.ts", imports: `import "./nowhere.ts";`, rule: "every-import-is-found" },
];

/** Planted files that break nothing. */
export const innocent: { file: string; imports: string }[] = [
  { file: "src/permission/types.ts", imports: `import type { file } from "../file/file.ts";` },
  { file: "src/permission/inline.ts", imports: `import { type file } from "../file/file.ts";` },
  { file: "src/file/inside.ts", imports: `import { log } from "./secret.ts";` },
  { file: "routers/types.ts", imports: `import type { app } from "../src/app.ts";` },
  {
    file: "src/session/down.ts",
    imports: `import { log } from "../event/log.ts";\nimport { file } from "../file/file.ts";\nimport "../../db/client.ts";`,
  },
];

/** Planted files that import each other; the third points into the circle and is not on it, nor is the fourth, which only shares types. */
export const circular: { file: string; imports: string }[] = [
  { file: "src/file/circle.ts", imports: `import "./circle-back.ts";\nimport type { log } from "./circle-types.ts";` },
  { file: "src/file/circle-back.ts", imports: `import "./circle.ts";` },
  { file: "src/file/circle-outside.ts", imports: `import "./circle.ts";` },
  { file: "src/file/circle-types.ts", imports: `import "./circle.ts";` },
];
