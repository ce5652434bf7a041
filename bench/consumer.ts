import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import { join, resolve } from "node:path";

/**
 * How long the compiler takes for a program that makes 120 calls through the typed client, beside one that makes none: what the client's
 * types cost whoever uses them. Needs the built package (`npm run build`).
 */
const calls = 120;
const runs = 5;
const root = resolve(import.meta.dirname, "..");

const kinds = [
  (at: number) => `const session${at} = await client.api.session.create.mutate({ title: "${at}" }); session${at}.time.created.toFixed();`,
  (at: number) =>
    `for (const { info, parts } of await client.api.session.messages.query({ sessionID: "ses_${at}" })) console.log(info.role, parts.length);`,
  (at: number) =>
    `const answer${at} = await client.api.session.prompt.mutate({ sessionID: "ses_${at}", parts: [{ type: "text", text: "go" }] }); answer${at}.parts.map((part) => part.type);`,
  (at: number) => `const model${at}: string | undefined = (await client.api.config.get.query()).model; console.log(model${at});`,
  (at: number) =>
    `for (const { id, models } of (await client.api.provider.list.query()).all) console.log(id, Object.keys(models).length + ${at});`,
  (at: number) =>
    `for await (const { event } of client.events({ after: ${at} })) if (event.type === "session.idle") console.log(event.properties.sessionID);`,
];

/** Fails the measurement should the types be missing. */
const guard = "// @ts-expect-error: there is no such procedure\nclient.api.nothing;";

function programOf(count: number): string {
  const lines = Array.from({ length: count }, (_, at) => `export async function call${at}() { ${kinds[at % kinds.length]?.(at)} }`);
  return [
    `import { createClient } from "codeport/client";`,
    `const client = createClient({ url: "http://127.0.0.1:4096" });`,
    "export { client };",
    guard,
    ...lines,
  ].join("\n");
}

/** Seconds, as the compiler tells them. */
function check(folder: string, count: number): { check: number; total: number } {
  writeFileSync(join(folder, "program.ts"), programOf(count));
  const compiler = join(root, "node_modules", "typescript", "bin", "tsc");
  const told = execFileSync(process.execPath, [compiler, "-p", folder, "--extendedDiagnostics"], { encoding: "utf8" });
  const seconds = (name: string): number => Number(new RegExp(`^${name}:\\s+([\\d.]+)s`, "m").exec(told)?.[1]);
  return { check: seconds("Check time"), total: seconds("Total time") };
}

const median = (values: number[]): number => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

function measure(folder: string, count: number): { check: number; total: number } {
  const times = Array.from({ length: runs }, () => check(folder, count));
  return { check: median(times.map((time) => time.check)), total: median(times.map((time) => time.total)) };
}

const folder = mkdtempSync(join(tmpdir(), "codeport-consumer-"));
try {
  const compilerOptions = {
    module: "nodenext",
    target: "es2024",
    lib: ["es2024", "esnext.disposable", "dom"],
    strict: true,
    noEmit: true,
    types: [],
    skipLibCheck: true,
  };
  writeFileSync(join(folder, "package.json"), `{"type":"module"}`);
  writeFileSync(join(folder, "tsconfig.json"), JSON.stringify({ compilerOptions, files: ["program.ts"] }));
  mkdirSync(join(folder, "node_modules"));
  symlinkSync(root, join(folder, "node_modules", "codeport"), "junction");
  const result = { calls, withCalls: measure(folder, calls), withNone: measure(folder, 0), cores: cpus().length, node: process.version };
  console.table({ [`${calls} calls, seconds`]: result.withCalls, "no calls, seconds": result.withNone });
  writeFileSync(join(root, "bench", "results", "consumer.json"), `${JSON.stringify(result, undefined, 2)}\n`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
