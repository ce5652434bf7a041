import { expect, test } from "vitest";
import { toFileDiff } from "../../src/snapshot/patch.ts";

// Files above what is compared counted 0 lines in changes, as if nothing had happened.

const large = (first: string) => `${first}\n${"the same line\n".repeat(60_000)}`;

test("of a file that is too large to compare the lines are counted, and those that only moved are not", () => {
  const count = (before: string | undefined, after: string | undefined) => {
    const [old, next] = [before, after].map((text) => (text === undefined ? undefined : Buffer.from(text)));
    const { patch, additions, deletions } = toFileDiff("log.txt", { before: old, after: next });
    return { patch, additions, deletions };
  };
  expect(count(large("one"), large("two\nthree"))).toEqual({ patch: "", additions: 2, deletions: 1 });
  expect(count(undefined, large("one"))).toEqual({ patch: "", additions: 60_001, deletions: 0 });
  expect(count(large("one"), undefined)).toEqual({ patch: "", additions: 0, deletions: 60_001 });
  expect(count(large("one"), `${large("one")}`.replace("one\n", "").concat("one\n"))).toEqual({ patch: "", additions: 0, deletions: 0 });
});
