import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { builtinModules } from "node:module";
import { fileURLToPath } from "node:url";
import { constants, gzipSync } from "node:zlib";
import { defineConfig, type Rolldown } from "tsdown";
import { assetPath, assetSources } from "./src/server/asset-sources.ts";

const { version }: { version: string } = JSON.parse(readFileSync(new URL("./package.json", import.meta.url), "utf8"));

/** These find a native file beside themselves, so they stay packages. */
const native = ["libsql", "@vscode/ripgrep"];

const file = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const main = file("src/cli/main.ts");

/**
 * What a start of the server loads in any case, in one file: each further one costs a millisecond or more to find, read and link. What it
 * shares with main.ts or the help must not be in it (help would load the server), nor with main.ts itself (which ends when the program does).
 */
function coreChunk(): Rolldown.CodeSplittingGroup {
  let core: Set<string> | undefined;
  let start = new Set<string>();
  let help = new Set<string>();
  return {
    debugName: "start",
    includeDependenciesRecursively: false,
    name(id, context) {
      if (core === undefined) {
        core = reachable(file("src/cli/serve.ts"), context);
        start = reachable(main, context);
        help = reachable(file("src/cli/arguments.ts"), context);
      }
      if (id === main) return null;
      if (start.has(id) || (core.has(id) && help.has(id))) return "common";
      return core.has(id) ? "core" : null;
    },
  };
}

/** The modules that one imports, and what those import, without what is only loaded when it is asked for. */
function reachable(from: string, context: Rolldown.ChunkingContext): Set<string> {
  const found = new Set([from]);
  for (const id of found) for (const next of context.getModuleInfo(id)?.importedIds ?? []) found.add(next);
  return found;
}

const languages = /[\\/]zod[\\/]v4[\\/]locales[\\/]index\.js$/;
const english = `export { default as en } from "./en.js";`;

/**
 * An `import` of a module of Node's own reads each of its exports, and some of those load further parts: that of node:http all of `fetch`,
 * that of node:fs the streams, together 80 ms of every start. Read as plain objects they load what is used.
 * yargs measures its help text with Unicode tables (30 ms); ours has one column a character. zod brings its messages in fifty languages.
 */
const lean: Rolldown.Plugin = {
  name: "lean-start",
  resolveId: {
    filter: { id: [...builtinModules.map((name) => new RegExp(`^(node:)?${name}$`)), /^string-width$/, /^@acemir\/cssom$/] },
    handler: (id, importer, { kind }) => {
      // The terminal client needs the true widths.
      if (kind === "require-call" || (id === "string-width" && !/[\\/]node_modules[\\/](yargs|cliui)[\\/]/.test(importer ?? "")))
        return undefined;
      return `\0lean:${id.replace("node:", "")}`;
    },
  },
  load: {
    filter: { id: [/^\0lean:/, languages] },
    handler: (id) => {
      if (languages.test(id)) return english;
      return own[id.replace("\0lean:", "")] ?? plain(id.replace("\0lean:", ""));
    },
  },
};

/** React decides by a variable of the environment whether it checks its users: a terminal client is no place to develop in. */
const production: Rolldown.Plugin = {
  name: "react-in-production",
  resolveId: { filter: { id: /^react-devtools-core$/ }, handler: () => "\0react-devtools-core" },
  load: { filter: { id: /^\0react-devtools-core$/ }, handler: () => "export default {};" },
  transform: {
    filter: { id: /[\\/]node_modules[\\/](react|react-reconciler|scheduler)[\\/]/ },
    handler: (code) => code.replaceAll("process.env.NODE_ENV", '"production"'),
  },
};

/** A page is read for its text: its style sheets, and the `eval` of what parses them, stay out. */
const noStyles = "export const parse = () => ({ cssRules: [] });";

const columns = String.raw`export default (text) => text.replace(/\u001b\[[0-9;]*m/g, "").length;`;

/** What stands in for a package. */
const own: Record<string, string> = { "string-width": columns, "@acemir/cssom": noStyles };

/** What a start never calls, and what takes long to load. */
const late = new Set(["child_process", "readline", "stream/promises", "zlib"]);

/** The exports of a module of Node's own. Those behind a getter, and all of a late module, load what they are when they are used. */
function plain(name: string): string {
  const all = `process.getBuiltinModule("node:${name}")`;
  const own = Object.entries(Object.getOwnPropertyDescriptors(process.getBuiltinModule(name) ?? {})).filter(([key]) => key !== "default");
  const isReady = ([, descriptor]: [string, PropertyDescriptor]) => "value" in descriptor && !late.has(name);
  const names = own.filter(isReady).map(([key]) => key);
  const others = own.filter((entry) => !isReady(entry)).map(([key]) => key);
  return `
    const part = (key) => new Proxy(function () {}, {
      apply: (_target, self, words) => Reflect.apply(${all}[key], self, words),
      construct: (_target, words) => Reflect.construct(${all}[key], words),
      get: (_target, inner) => ${all}[key][inner],
    });
    export default ${late.has(name) ? `new Proxy({}, { get: (_target, key) => ${all}[key] })` : all};
    ${names.length === 0 ? "" : `export const { ${names.join(", ")} } = ${all};`}
    ${others.map((key) => `export const ${key} = /* @__PURE__ */ part("${key}");`).join("\n")}
  `;
}

/** The files of the pages, as they are sent. */
function writePages(): void {
  const folder = file("dist/pages/");
  mkdirSync(folder, { recursive: true });
  for (const [name, source] of Object.entries(assetSources)) {
    const zipped = gzipSync(readFileSync(assetPath(source)), { level: constants.Z_BEST_COMPRESSION });
    writeFileSync(`${folder}${name}.gz`, zipped);
  }
}

export default defineConfig({
  entry: { main: "src/cli/main.ts", server: "src/cli/embed.ts" },
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
  plugins: [lean, production],
  // Some packages' "main" finds its parts by a `require` that no bundler can follow; their "module" is plain.
  // The one `eval` is in the engine of the shell's grammar, for extensions that are never loaded.
  inputOptions: { preserveEntrySignatures: "allow-extension", resolve: { mainFields: ["module", "main"] }, checks: { eval: false } },
  outputOptions: { codeSplitting: { groups: [coreChunk()] } },
  hooks: { "build:done": writePages },
  copy: [
    // What the API explorer is made of, and its terms.
    { from: "node_modules/swagger-ui-dist/LICENSE", to: "dist/pages/swagger-ui" },
    { from: "node_modules/swagger-ui-dist/NOTICE", to: "dist/pages/swagger-ui" },
    { from: "db/migrations", to: "dist" },
    // The shell's grammar and the engine that reads it: looked for beside the bundle.
    ...["web-tree-sitter", "tree-sitter-bash"].map((name) => ({ from: `node_modules/${name}/${name}.wasm`, to: "dist" })),
  ],
});
