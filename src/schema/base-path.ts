const segment = "(?:[\\w.~@:+-]|%[\\da-fA-F]{2})+";
const shape = new RegExp(`^(?:/${segment})*$`);

/**
 * A prefix of every address as it stands in them: `/code` for `code/`, nothing for `/`. Undefined for what no request could begin with: a query, blanks,
 * letters that a URL spells otherwise, empty and dotted segments.
 */
export function readBasePath(given: string): string | undefined {
  const inner = given.replace(/^\/|\/$/g, "");
  const path = inner === "" ? "" : `/${inner}`;
  const isKept = path === "" || (shape.test(path) && new URL(path, "http://localhost").pathname === path);
  return isKept ? path : undefined;
}
