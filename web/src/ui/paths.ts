/** `src/app.ts` → `app.ts`. Directories' paths may end with a slash. */
export const nameOf = (path: string): string =>
  path
    .replace(/[\\/]+$/, "")
    .split(/[\\/]/)
    .at(-1) ?? path;

/** `src/app.test.ts` → `ts`; of `Dockerfile` the whole name. */
export const endingOf = (path: string): string => nameOf(path).split(".").at(-1) ?? "";
