import { useRouter } from "@tanstack/react-router";
import { useEffect, useRef } from "react";
import type { PermissionRequest, QuestionRequest } from "../../../src/client/client.ts";
import { useLiveStore } from "../live/hooks.ts";
import type { State } from "../live/live.ts";
import { permissionDetail, permissionTitle } from "../ui/asks/permission-words.ts";
import { notify } from "./notifications.ts";

/** Notifies of what waits for an answer while the page is hidden, and takes that back when it is answered, here or elsewhere. */
export function useNotifying(): void {
  const live = useLiveStore();
  const router = useRouter();
  const shown = useRef(new Map<string, () => void>());
  useEffect(() => {
    const onOpen = () => void router.navigate({ to: "/inbox" });
    const look = () => {
      const state = live.state();
      if (!state.loaded) return;
      const asks = [...state.permissions, ...state.questions];
      const waiting = new Set(asks.map(({ id }) => id));
      for (const [id, takeBack] of shown.current) {
        if (waiting.has(id)) continue;
        takeBack();
        shown.current.delete(id);
      }
      for (const ask of asks) {
        if (shown.current.has(ask.id)) continue;
        // Who sees the page sees it there.
        const takeBack = document.hidden ? notify({ tag: ask.id, title: titleOf(state, ask), text: textOf(ask), onOpen }) : () => {};
        shown.current.set(ask.id, takeBack);
      }
    };
    // A click on what a service worker shows.
    const hear = ({ data }: MessageEvent) => data === "inbox" && onOpen();
    navigator.serviceWorker?.addEventListener("message", hear);
    look();
    const stop = live.subscribe(look);
    return () => {
      stop();
      navigator.serviceWorker?.removeEventListener("message", hear);
    };
  }, [live, router]);
}

type Ask = PermissionRequest | QuestionRequest;

function titleOf({ sessions }: State, { sessionID }: Ask): string {
  return `${sessions[sessionID]?.title ?? "A session"} needs an answer`;
}

function textOf(ask: Ask): string {
  if ("questions" in ask) return ask.questions.map(({ question }) => question).join("\n");
  const detail = permissionDetail(ask)?.text.slice(0, 200);
  return detail === undefined ? permissionTitle(ask) : `${permissionTitle(ask)}: ${detail}`;
}
