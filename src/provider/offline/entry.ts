import type { Entry } from "../entry.ts";

/** The offline provider as it is listed. Its one model needs no key and no address. */
export const offlineEntry: Entry = {
  id: "offline",
  name: "Offline guide (not an AI)",
  npm: "codeport",
  env: [],
  configured: false,
  options: {},
  models: {
    guide: {
      name: "Guide (commands, not an AI)",
      family: "guide",
      release_date: "2026-11-01",
      limit: { context: 1_000_000, output: 32_000 },
    },
  },
};
