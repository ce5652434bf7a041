import { readFileSync } from "node:fs";
import http from "node:http";
import { defineConfig, type Rolldown } from "tsdown";

const { version }: { version: string } = JSON.parse(readFileSync(new URL("./package.json", import.meta.url), "utf8"));

/** These find a native file beside themselves, so they stay packages. */
const native = ["libsql", "@vscode/ripgrep"];

/**
 * An `import` of node:http reads each of its exports, and some of them load Node's whole fetch: 60 ms of every start. Read as a
 * plain object it loads what is used. yargs measures its help text with Unicode tables (30 ms); ours has one column a character.
 */
const lean: Rolldown.Plugin = {
  name: "lean-start",
  resolveId: {
    filter: { id: /^(node:)?http$|^string-width$/ },
    handler: (id, _importer, { kind }) => (kind === "require-call" ? undefined : `\0${id.replace("node:", "")}`),
  },
  load: {
    filter: { id: /^\0(http|string-width)$/ },
    handler: (id) => (id === "\0http" ? plainHttp() : columns),
  },
};

const columns = String.raw`export default (text) => text.replace(/\u001b\[[0-9;]*m/g, "").length;`;

function plainHttp(): string {
  const own = Object.entries(Object.getOwnPropertyDescriptors(http));
  const names = own.filter(([, descriptor]) => "value" in descriptor).map(([name]) => name);
  return `const http = process.getBuiltinModule("node:http"); export default http; export const { ${names.join(", ")} } = http;`;
}

export default defineConfig({
  entry: { main: "src/cli/main.ts" },
  outDir: "dist",
  format: "esm",
  platform: "node",
  target: "node22",
  fixedExtension: false,
  dts: false,
  sourcemap: false,
  minify: { compress: true, mangle: false, codegen: false },
  define: { CODEPORT_VERSION: JSON.stringify(version) },
  loader: { ".md": "text" },
  deps: { alwaysBundle: [/./], neverBundle: native, onlyBundle: false, onlyImport: native },
  plugins: [lean],
  // Some packages' "main" finds its parts by a `require` that no bundler can follow; their "module" is plain.
  inputOptions: { resolve: { mainFields: ["module", "main"] } },
  copy: [{ from: "db/migrations", to: "dist" }],
});
