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

const shared = {
  environment: "node" as const,
  // Separate processes: native modules and signals do not mix with worker threads.
  pool: "forks" as const,
  hookTimeout: 30_000,
  globalSetup: "test/document.setup.ts",
};

/**
 * `quick` is for every change: its files share what they import, since loading it anew for each took a third of the time. `full` holds what takes long: many processes, browsers, terminals, soaks; each file has a process of its own.
 */
export default defineConfig({
  plugins: [markdown],
  define: { CODEPORT_VERSION: JSON.stringify(version) },
  test: {
    maxWorkers: 2,
    retry: 0,
    projects: [
      {
        extends: true,
        test: { ...shared, name: "quick", include: ["test/**/*.test.ts"], exclude: ["test/full/**"], testTimeout: 30_000, isolate: false },
      },
      { extends: true, test: { ...shared, name: "full", include: ["test/full/**/*.test.ts"], testTimeout: 300_000 } },
    ],
  },
});
