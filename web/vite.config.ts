import { fileURLToPath } from "node:url";
import tailwind from "@tailwindcss/vite";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

const file = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** What nearly every screen is made of. */
const partsOfScreens =
  /src[\\/]ui[\\/](amount|badge|button|choice|dialog|empty|field|icon|menu|paths|screen|select|spinner|time)\b|[\\/]use(Infinite)?Query\.js$/;

/** Where `fonts.ts` puts them. */
export const fonts = file("../node_modules/.cache/codeport-web/fonts");

/** The web interface as it is served at `/web/`: addresses are relative, since the server may live under any path. */
export default defineConfig({
  root: fileURLToPath(new URL(".", import.meta.url)),
  base: "./",
  resolve: {
    alias: [
      { find: "@fontsource-variable/inter/files", replacement: fonts },
      { find: /^shiki\/langs$/, replacement: file("./src/ui/languages.ts") },
      { find: /^@pierre\/(theming\/themes|highlights\/themes\/loader)$/, replacement: file("./src/ui/diff/no-themes.ts") },
      // Other ways to colour, larger than the rest of the interface, and never chosen.
      { find: /^(\.\/backends\/highlights\.js|shiki\/wasm|shiki\/engine\/oniguruma)$/, replacement: file("./src/ui/diff/no-backend.ts") },
    ],
  },
  plugins: [react(), tailwind()],
  build: {
    outDir: fileURLToPath(new URL("../node_modules/.cache/codeport-web/page", import.meta.url)),
    emptyOutDir: true,
    target: "es2023",
    // An address inside a style sheet would be no file of ours: the policy lets pages load their own files alone.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    rolldownOptions: {
      output: {
        codeSplitting: {
          // Left alone, they would come in a dozen files of a few hundred bytes.
          groups: [{ name: "parts", test: partsOfScreens }],
        },
      },
    },
    chunkSizeWarningLimit: 1_500,
  },
});
