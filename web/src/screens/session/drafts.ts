import { useSyncExternalStore } from "react";
import { stored } from "../../app/base.ts";
import { changed, type Draft } from "./draft.ts";

export type { Attachment, Draft } from "./draft.ts";

const emptyDraft: Draft = { text: "", mentions: [], queue: "join", files: [] };
const drafts = new Map<string, Draft>();
const listeners = new Set<() => void>();
const nameOf = (sessionID: string) => stored(`draft:${sessionID}`);

export function draftOf(sessionID: string): Draft {
  const known = drafts.get(sessionID) ?? kept(sessionID);
  drafts.set(sessionID, known);
  return known;
}

function kept(sessionID: string): Draft {
  const text = sessionStorage.getItem(nameOf(sessionID));
  if (text === null) return emptyDraft;
  return { ...emptyDraft, ...(JSON.parse(text) as Partial<Draft>), files: [] };
}

/** Changes the draft, here and for after a reload. */
export function changeDraft(sessionID: string, change: Partial<Draft>): void {
  const draft = changed(draftOf(sessionID), change);
  drafts.set(sessionID, draft);
  const { files: _files, ...rest } = draft;
  try {
    sessionStorage.setItem(nameOf(sessionID), JSON.stringify(rest));
  } catch {
    // The browser keeps no more, or nothing at all: then the draft lives as long as the page.
  }
  for (const listener of listeners) listener();
}

/** Empties what was written; who is to answer stays chosen. */
export function clearDraft(sessionID: string): void {
  changeDraft(sessionID, { text: "", mentions: [], files: [] });
}

export function useDraft(sessionID: string): Draft {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => draftOf(sessionID),
  );
}
