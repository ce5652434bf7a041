import { useRouter } from "@tanstack/react-router";
import type { Message, Part, Session } from "../../../../src/client/client.ts";
import { useCalls } from "../../app/client.ts";
import { toast, toastFault } from "../../app/toasts.ts";
import { copy } from "../../ui/copy.ts";
import { changeDraft } from "./drafts.ts";
import { mentionsIn } from "./prompt-parts.ts";
import { promptText } from "./prompt-text.ts";

export interface SessionCalls {
  stop(): void;
  /** Makes a session with the conversation up to the message, or with all of it, and goes there. */
  fork(messageID?: string): void;
  /** Takes back the message and all after it, with the changes of files. */
  revert(messageID: string): void;
  unrevert(): void;
  /** Takes the prompt back and puts its words where the next one is written. */
  edit(message: { info: Message; parts: readonly Part[] }): void;
  share(): void;
  unshare(): void;
  rename(title: string): void;
  archive(): void;
  unarchive(): void;
  /** Has the conversation summed up, to make room. */
  compact(model: { providerID: string; modelID: string }): void;
}

/** What can be done with a session. Faults are told in passing. */
export function useSessionCalls(sessionID: string): SessionCalls {
  const { session } = useCalls();
  const router = useRouter();
  const run = (call: Promise<unknown>) => void call.catch(toastFault);
  const open = ({ id }: Session) => router.navigate({ to: "/session/$sessionID", params: { sessionID: id }, search: {} });
  const change = (to: { action: "archive" } | { action: "unarchive" }) => session.bulk.mutate({ ids: [sessionID], change: to });
  return {
    stop: () => run(session.abort.mutate({ sessionID })),
    fork: (messageID) => run(session.fork.mutate({ sessionID, messageID }).then(open)),
    revert: (messageID) => run(session.revert.mutate({ sessionID, messageID })),
    unrevert: () => run(session.unrevert.mutate({ sessionID })),
    edit({ info, parts }) {
      const text = promptText(parts);
      const put = () => {
        const files = parts.flatMap((part) => (part.type === "file" && part.url.startsWith("data:") ? toAttachment(part) : []));
        changeDraft(sessionID, { text, files, mentions: mentionsIn(parts) });
        document.getElementById(composerId(sessionID))?.focus();
      };
      run(session.revert.mutate({ sessionID, messageID: info.id }).then(put));
    },
    share: () => run(session.share.mutate({ sessionID }).then(({ share }) => share && copyLink(share.url))),
    unshare: () => run(session.unshare.mutate({ sessionID }).then(() => toast("The link leads nowhere any more"))),
    archive: () =>
      run(
        change({ action: "archive" }).then(() =>
          toast("Archived", { tone: "ok", action: { title: "Undo", run: () => run(change({ action: "unarchive" })) } }),
        ),
      ),
    unarchive: () => run(change({ action: "unarchive" })),
    rename: (title) => run(session.update.mutate({ sessionID, title })),
    compact: (model) => run(session.summarize.mutate({ sessionID, ...model })),
  };
}

export const composerId = (sessionID: string): string => `composer-${sessionID}`;

function toAttachment({ id, mime, filename = mime, url }: Extract<Part, { type: "file" }>) {
  return { id, mime, filename, url };
}

/** Copies the link; where the browser does not let it (unasked, or over plain HTTP), shows it. */
export async function copyLink(url: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(url);
    toast("Link copied", { tone: "ok" });
  } catch {
    toast(url, { action: { title: "Copy", run: () => copy(url) } });
  }
}
