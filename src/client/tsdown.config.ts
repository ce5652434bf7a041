import { fileURLToPath } from "node:url";
import { defineConfig } from "tsdown";

/** The client as it is published: one file that runs in browsers and in Node, with what it needs inside; React comes from its user. */
export default defineConfig({
  cwd: fileURLToPath(new URL("../..", import.meta.url)),
  entry: { client: "src/client/client.ts", react: "src/client/react.ts" },
  outDir: "dist/client",
  format: "esm",
  platform: "neutral",
  target: "es2023",
  fixedExtension: false,
  dts: false,
  inputOptions: { resolve: { mainFields: ["module", "main"] } },
  deps: {
    alwaysBundle: [/^@trpc\/(client|server)/, "superjson", "eventsource", /^eventsource-parser/, "copy-anything", "is-what"],
    neverBundle: ["react", "@tanstack/react-query", "@trpc/tanstack-react-query"],
    onlyBundle: false,
  },
});
