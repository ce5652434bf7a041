import { expect, test } from "vitest";
import type { ListedSession, Session } from "../src/client/client.ts";
import { reduce } from "../web/src/live/reduce.ts";
import { emptyState } from "../web/src/live/state.ts";
import { currentOf, inOrder } from "../web/src/screens/inbox/waiting.ts";
import { filtersOf, panesOf, tagsOf } from "../web/src/screens/sessions/filters.ts";
import { piecesOf } from "../web/src/screens/sessions/pieces.ts";
import { type Listing, projectsIn, rowsOf } from "../web/src/screens/sessions/rows.ts";
import { permissionDetail, permissionSubject } from "../web/src/ui/asks/permission-words.ts";

function session(id: string, more: Partial<Session> = {}): Session {
  return { id, slug: id, projectID: "one", directory: "/work/one", title: id, version: "1", time: { created: 1, updated: 1 }, ...more };
}

const state = { permissions: 0, questions: 0, since: 5 };

function listing(sessions: Session[], more: Partial<Listing> = {}): Listing {
  const projects = [{ id: "one", worktree: "/work/one", name: "First" }];
  return { sessions, projects, activities: {}, filters: filtersOf({}), toggled: new Set(), ...more };
}

const shown = (given: Listing) => rowsOf(given).map((row) => (row.kind === "project" ? row.title : `${"-".repeat(row.depth)}${row.key}`));

test("sessions stand below their project, sub-agents below their session as long as one of them works", () => {
  const sessions = [
    session("a"),
    session("child", { parentID: "a" }),
    session("grandchild", { parentID: "child" }),
    session("loose", { projectID: "global", directory: "/tmp/loose" }),
    session("old", { time: { created: 1, updated: 1, archived: 2 } }),
    session("of-old", { parentID: "old" }),
  ];
  expect(shown(listing(sessions))).toEqual(["First", "a", "loose", "loose"]);
  const busy = listing(sessions, { activities: { grandchild: "asks" } });
  expect(shown(busy)).toEqual(["First", "a", "-child", "--grandchild", "loose", "loose"]);
  expect(rowsOf(busy)[1]).toMatchObject({ subAgents: 1, isOpen: true, activity: "asks" });
  expect(shown({ ...busy, toggled: new Set(["a"]) })).toEqual(["First", "a", "loose", "loose"]);
  expect(shown({ ...busy, filters: filtersOf({ show: "active" }) })).toEqual(["First", "a", "-child", "--grandchild"]);
  expect(shown(listing(sessions, { filters: filtersOf({ show: "archived" }) }))).toEqual(["First", "old"]);
  expect(shown(listing(sessions, { filters: filtersOf({ project: "/tmp/loose" }) }))).toEqual(["loose", "loose"]);
  expect(projectsIn(sessions, busy.projects).map(({ title }) => title)).toEqual(["First", "loose"]);
});

test("tags narrow the list, and the most used come first", () => {
  const sessions = [session("a", { tags: ["docs"] }), session("b", { tags: ["docs", "api"] }), session("c")];
  expect(tagsOf(sessions)).toEqual(["docs", "api"]);
  expect(shown(listing(sessions, { filters: filtersOf({ tag: "api" }) }))).toEqual(["First", "b"]);
  expect(panesOf("ses_a,,ses_b,ses_a")).toEqual(["ses_a", "ses_b"]);
});

test("a list tells why sessions failed and since when others work, and brings back none that was deleted", () => {
  const listed = (id: string, type: ListedSession["state"]["type"], message?: string): ListedSession => ({
    ...session(id),
    project: null,
    state: { ...state, type, ...(message !== undefined && { message }) },
  });
  const gone = { type: "session.deleted", id: "evt_1", properties: { sessionID: "gone", info: session("gone") } } as const;
  const busy = { type: "session.status", id: "evt_2", properties: { sessionID: "told", status: { type: "busy" } } } as const;
  const before = reduce(emptyState, { type: "events", events: [gone, busy], at: 7 });
  const after = reduce(before, {
    type: "listed",
    items: [listed("gone", "idle"), listed("bad", "error", "Too long."), listed("told", "busy")],
  });
  expect(Object.keys(after.sessions)).toEqual(["bad", "told"]);
  expect(after.faults).toEqual({ bad: { name: "UnknownError", data: { message: "Too long." } } });
  expect([before.since, after.since]).toEqual([{ told: 7 }, { told: 5 }]);
  const idle = { type: "session.status", id: "evt_3", properties: { sessionID: "told", status: { type: "idle" } } } as const;
  expect(reduce(after, { type: "events", events: [idle], at: 9 }).since).toEqual({});
});

test("what was found is marked in its snippet", () => {
  const pieces = piecesOf({ snippet: "a quokka is a quokka", matches: [2, 14].map((start) => ({ start, end: start + 6 })) });
  expect(pieces.map(({ text, isMatch }) => (isMatch ? `[${text}]` : text)).join("")).toBe("a [quokka] is a [quokka]");
});

test("permissions and questions wait in the order in which they were asked, and the keys stay at their place", () => {
  const permission = { id: "per_2", sessionID: "ses_1", permission: "edit", patterns: ["a.ts"], metadata: {}, always: ["*"] };
  const question = (id: string) => ({ id, sessionID: "ses_1", questions: [] });
  const waiting = inOrder([permission], [question("que_3"), question("que_1")]);
  expect(waiting.map(({ id }) => id)).toEqual(["que_1", "per_2", "que_3"]);
  expect(currentOf(waiting, { id: "que_3", at: 0 })).toBe(2);
  expect(currentOf(waiting.slice(0, 2), { id: "que_3", at: 2 })).toBe(1);
  const diff = "Index: /work/a.ts\n=====\n--- /work/a.ts\n+++ /work/a.ts\n@@ -1 +1 @@\n-a\n+b\n";
  expect(permissionDetail({ ...permission, metadata: { diff } })?.text).toMatch(/^--- /);
  expect(permissionSubject(permission)).toBe("a.ts");
});
