import type { inferRouterOutputs } from "@trpc/server";
import type { AppRouter } from "../../../../src/client/client.ts";
import { nameOf } from "../../ui/paths.ts";

type Found = inferRouterOutputs<AppRouter>["find"];

/** One line of what a search found. */
export interface Hit {
  key: string;
  path: string;
  /** The first line is 1. */
  line?: number;
  title: string;
  detail: string;
}

export function namedHits(paths: Found["files"]): Hit[] {
  return paths.map((path) => ({ key: path, path, title: nameOf(path), detail: path }));
}

export function textHits(matches: Found["text"]): Hit[] {
  return matches.map(({ path, line_number: line, lines, absolute_offset: offset }) => ({
    key: `${path.text}:${offset}`,
    path: path.text,
    line,
    title: `${path.text}:${line}`,
    detail: lines.text.trim().slice(0, 200),
  }));
}

/** Language servers name files by absolute addresses, which `GET /file/content` takes too. */
export function symbolHits(symbols: Found["symbols"]): Hit[] {
  return symbols.map(({ name, location }) => {
    const path = decodeURIComponent(new URL(location.uri).pathname);
    const line = location.range.start.line + 1;
    return { key: `${path}:${line}:${location.range.start.character}:${name}`, path, line, title: name, detail: `${path}:${line}` };
  });
}
