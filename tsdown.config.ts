import { readFileSync } from "node:fs";
import { defineConfig } from "tsdown";

const { version }: { version: string } = JSON.parse(readFileSync(new URL("./package.json", import.meta.url), "utf8"));

/** These find a native file beside themselves, so they stay packages. */
const native = ["libsql", "@vscode/ripgrep"];

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
  // Some packages' "main" finds its parts by a `require` that no bundler can follow; their "module" is plain.
  inputOptions: { resolve: { mainFields: ["module", "main"] } },
  copy: [{ from: "db/migrations", to: "dist" }],
});
