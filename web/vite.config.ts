import { fileURLToPath } from "node:url";
import tailwind from "@tailwindcss/vite";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

/** The web interface as it is served at `/web/`: addresses are relative, since the server may live under any path. */
export default defineConfig({
  root: fileURLToPath(new URL(".", import.meta.url)),
  base: "./",
  plugins: [react(), tailwind()],
  build: {
    outDir: fileURLToPath(new URL("../node_modules/.cache/codeport-web/page", import.meta.url)),
    emptyOutDir: true,
    target: "es2023",
    // An address inside a style sheet would be no file of ours: the policy lets pages load their own files alone.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    chunkSizeWarningLimit: 1_500,
  },
});
