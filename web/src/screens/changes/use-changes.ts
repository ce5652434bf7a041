import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { useApi } from "../../app/client.ts";
import { useLiveStore } from "../../live/hooks.ts";
import { type Change, changesOf, type Source } from "./source.ts";

interface Answer {
  changes: Change[] | undefined;
  isPending: boolean;
  error: unknown;
}

/** The changes of a source, asked for again when something was changed. `directory`: of the session or the checkout. */
export function useChanges(source: Source, directory: string): Answer {
  const api = useApi(directory);
  const isGit = "directory" in source;
  const ofSession = useQuery({
    ...api.session.diff.queryOptions(
      isGit ? { sessionID: "" } : { sessionID: source.sessionID, messageID: source.kind === "turn" ? source.messageID : undefined },
    ),
    select: changesOf,
    enabled: !isGit,
  });
  const ofGit = useQuery({
    ...api.vcs.diff.queryOptions({ mode: source.kind === "branch" ? "branch" : "git" }),
    select: changesOf,
    enabled: isGit,
  });
  useFresh(directory);
  const { data, isPending, error } = isGit ? ofGit : ofSession;
  return { changes: data, isPending, error };
}

/** Events after which changes may be others. */
const telling = new Set(["session.diff", "session.updated", "session.idle", "file.edited", "file.watcher.updated", "vcs.branch.updated"]);

/** Events of a turn come by the dozen: one question for all of them, in ms. */
const patience = 400;

function useFresh(directory: string): void {
  const live = useLiveStore();
  const api = useApi(directory);
  const queries = useQueryClient();
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const renew = () => {
      timer = undefined;
      void queries.invalidateQueries({ queryKey: api.session.diff.pathKey() });
      void queries.invalidateQueries({ queryKey: api.vcs.diff.pathKey() });
    };
    const end = live.hear(({ event }) => {
      if (telling.has(event.type)) timer ??= setTimeout(renew, patience);
    });
    return () => {
      end();
      clearTimeout(timer);
    };
  }, [live, api, queries]);
}
