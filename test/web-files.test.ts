import { expect, test } from "vitest";
import { outcomeText } from "../web/src/screens/changes/outcome.ts";
import { changesOf, sourceOf } from "../web/src/screens/changes/source.ts";
import { textHits } from "../web/src/screens/files/hits.ts";
import { above, listedRows } from "../web/src/screens/files/listing.ts";
import { endsWithoutText } from "../web/src/ui/diff/patch.ts";
import { endingOf, nameOf } from "../web/src/ui/paths.ts";
import { rowsOf } from "../web/src/ui/tree/rows.ts";
import { stepOf } from "../web/src/ui/tree/steps.ts";

const paths = ["README.md", "src/app.ts", "src/server/deep/only/web.ts", "docs/a.md", "docs/b.md"];

test("files stand below their directories; a chain of directories shares a row", () => {
  const rows = rowsOf(paths, new Set(["docs"]));
  expect(rows).toEqual([
    { path: "docs", name: "docs", depth: 0, isOpen: false },
    { path: "src", name: "src", depth: 0, isOpen: true },
    { path: "src/server/deep/only", name: "server/deep/only", depth: 1, isOpen: true },
    { path: "src/server/deep/only/web.ts", name: "web.ts", depth: 2 },
    { path: "src/app.ts", name: "app.ts", depth: 1 },
    { path: "README.md", name: "README.md", depth: 0 },
  ]);
});

test("the keys of a tree go through it, open, close and lead to the parent", () => {
  const rows = rowsOf(paths, new Set(["docs"]));
  const step = (key: string, at: number) => {
    const current = rows[at];
    if (current === undefined) throw new Error(`There is no row ${at}.`);
    const made = stepOf(key, rows, current);
    return made && { ...made, row: rows.indexOf(made.row) };
  };
  expect(step("ArrowDown", 0)).toEqual({ row: 1 });
  expect(step("ArrowUp", 0)).toEqual({ row: 0 });
  expect(step("End", 0)).toEqual({ row: 5 });
  expect(step("ArrowRight", 0)).toEqual({ row: 0, toggle: true });
  expect(step("ArrowRight", 1)).toEqual({ row: 2 });
  expect(step("ArrowLeft", 1)).toEqual({ row: 1, toggle: true });
  expect(step("ArrowLeft", 3)).toEqual({ row: 2 });
  expect(step("Enter", 5)).toEqual({ row: 5, choose: true });
  expect(step("x", 5)).toBeUndefined();
});

test("a directory that is not read yet shows nothing below it", () => {
  const node = (path: string, type: "file" | "directory") => ({ name: nameOf(path), path, absolute: `/${path}`, type, ignored: false });
  const listings = new Map([["", [node("src/", "directory"), node("a.ts", "file")]]]);
  const rows = [
    { path: "src", name: "src", depth: 0, isOpen: true },
    { path: "a.ts", name: "a.ts", depth: 0 },
  ];
  expect(listedRows(listings, new Set(["src"]))).toEqual(rows);
  expect(listedRows(new Map([...listings, ["src", [node("src/b.ts", "file")]]]), new Set(["src"]))).toHaveLength(3);
  expect(above("src/ui/a.ts")).toEqual(["src", "src/ui"]);
  expect([nameOf("src/ui/"), endingOf("Dockerfile"), endingOf("src/a.test.ts")]).toEqual(["ui", "Dockerfile", "ts"]);
});

test("an address says what is compared", () => {
  expect(sourceOf({}, "/work")).toEqual({ kind: "git", directory: "/work" });
  expect(sourceOf({ session: "ses_1" }, "/work")).toEqual({ kind: "session", sessionID: "ses_1" });
  expect(sourceOf({ session: "ses_1", message: "msg_1" }, "/work")).toEqual({ kind: "turn", sessionID: "ses_1", messageID: "msg_1" });
  expect(sourceOf({ session: "ses_1", against: "branch" }, "/work")).toEqual({ kind: "branch", directory: "/work" });
  expect(
    changesOf([
      { additions: 1, deletions: 0 },
      { file: "a", additions: 1, deletions: 2 },
    ]),
  ).toEqual([{ file: "a", patch: "", additions: 1, deletions: 2, status: "modified" }]);
});

test("an undo is told in a sentence, and a patch without lines says why", () => {
  const conflict = { file: "a", outcome: "conflict" } as const;
  expect(outcomeText([{ file: "b", outcome: "undone" }, conflict], false)).toBe("Undone: b");
  expect(outcomeText([conflict], false)).toBeUndefined();
  expect(outcomeText([{ file: "b", outcome: "unchanged" }], true)).toBe("There was nothing to redo");
  expect(endsWithoutText("diff --git a/x b/x\nBinary files a/x and b/x differ\n")).toMatch("binary");
  expect(endsWithoutText("")).toMatch("Too large");
  expect(endsWithoutText("--- a/x\n+++ b/x\n@@ -1 +1 @@\n-a\n+b\n")).toBeUndefined();
});

test("what was found in a text is known by its place", () => {
  const match = { path: { text: "a.ts" }, lines: { text: "  const a\n" }, line_number: 3, absolute_offset: 10, submatches: [] };
  expect(textHits([match])).toEqual([{ key: "a.ts:10", path: "a.ts", line: 3, title: "a.ts:3", detail: "const a" }]);
});
