import { test } from "vitest";
import { type Row, type RowName, rows } from "./rows.ts";

/**
 * A test that proves rows of the documented surface; the first argument names them, as literals (the coverage test reads them in the
 * sources). A row marked as failing runs as one that must fail, so that it is noticed when it no longer does.
 */
export function verifies(names: RowName | RowName[], title: string, run: () => Promise<void> | void, timeout?: number): void {
  const proven = [names].flat();
  const failing = proven.some((name) => (rows[name] as Row).failing !== undefined);
  (failing ? test.fails : test)(`${title} [${proven.join("; ")}]`, run, timeout);
}
