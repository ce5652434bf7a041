import { useSyncExternalStore } from "react";
import { stored } from "../../app/base.ts";

export interface Attachment {
  id: string;
  mime: string;
  filename: string;
  /** `data:…;base64,…` */
  url: string;
}

/** What is being written to a session. */
export interface Draft {
  text: string;
  /** Names behind an @ that stand for a file or an agent. */
  mentions: readonly { type: "file" | "agent"; name: string }[];
  /** Chosen for the next prompts; the session's unless told. */
  agent?: string;
  model?: { providerID: string; modelID: string };
  variant?: string;
  /** What becomes of a prompt to a session that works. */
  queue: "join" | "queue" | "interrupt";
  /** Not kept over a reload: they may be larger than what the browser keeps. */
  files: readonly Attachment[];
}

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
  const draft = { ...draftOf(sessionID), ...change };
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
