import { readFileSync } from "node:fs";
import { defineConfig, type Plugin } from "vitest/config";

const { version }: { version: string } = JSON.parse(readFileSync(new URL("./package.json", import.meta.url), "utf8"));

/** The bundler's text loader, for tests that run the sources. */
const markdown: Plugin = {
  name: "markdown-as-text",
  load(id) {
    if (!id.endsWith(".md")) return;
    return `export default ${JSON.stringify(readFileSync(id, "utf8"))};`;
  },
};

export default defineConfig({
  plugins: [markdown],
  define: { CODEPORT_VERSION: JSON.stringify(version) },
  test: {
    environment: "node",
    include: ["test/**/*.test.ts"],
    // Separate processes: native modules and signals do not mix with worker threads.
    pool: "forks",
    maxWorkers: 2,
    testTimeout: 30_000,
    hookTimeout: 30_000,
    retry: 0,
  },
});
