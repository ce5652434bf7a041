import { Link, useRouter } from "@tanstack/react-router";
import { useState } from "react";
import { useActions } from "../../app/actions.ts";
import { useExport } from "../../app/export.ts";
import { toastFault } from "../../app/toasts.ts";
import { buttonClasses } from "../../ui/button.tsx";
import { Icon } from "../../ui/icon.tsx";
import { IconButton } from "../../ui/icon-button.tsx";
import { Menu, type MenuItem } from "../../ui/menu.tsx";
import { ContextMeter } from "./context-meter.tsx";
import { useSessionInfo } from "./hooks.ts";
import { RenameDialog } from "./rename-dialog.tsx";
import { copyLink, useSessionCalls } from "./use-session-calls.ts";

/** Beside the session's title: how full its context is, where it came from, and what can be done with all of it. */
export function Header({ sessionID }: { sessionID: string }) {
  const session = useSessionInfo(sessionID);
  const [isRenaming, setRenaming] = useState(false);
  const items = useItems(sessionID, () => setRenaming(true));
  useActions(() =>
    items.map(({ title, run }) => ({
      id: `session.${title}`,
      title,
      group: "Session",
      keys: title === "Rename" ? "shift+r" : undefined,
      run,
    })),
  );
  return (
    <>
      {session?.parentID !== undefined && (
        <Link to="/session/$sessionID" params={{ sessionID: session.parentID }} className={buttonClasses("quiet")}>
          <Icon name="back" /> Parent
        </Link>
      )}
      <ContextMeter sessionID={sessionID} />
      <Menu trigger={<IconButton icon="more" label="What to do with the session" />} items={items} />
      {isRenaming && <RenameDialog sessionID={sessionID} title={session?.title ?? ""} onClose={() => setRenaming(false)} />}
    </>
  );
}

function useItems(sessionID: string, onRename: () => void): MenuItem[] {
  const session = useSessionInfo(sessionID);
  const { share, unshare, fork, unrevert, archive, unarchive } = useSessionCalls(sessionID);
  const router = useRouter();
  const download = useExport();
  const url = session?.share?.url;
  const sharing: MenuItem[] =
    url === undefined
      ? [{ title: "Share a link", icon: "share", run: share }]
      : [
          { title: "Copy the shared link", icon: "copy", run: () => void copyLink(url) },
          { title: "Stop sharing", icon: "close", run: unshare },
        ];
  return [
    { title: "Rename", icon: "edit", run: onRename },
    ...sharing,
    { title: "Download as one file", icon: "download", run: () => void download(sessionID).catch(toastFault) },
    { title: "Fork the session", icon: "fork", run: () => fork() },
    {
      title: "Changes of the session",
      icon: "changes",
      run: () => void router.navigate({ to: "/changes", search: { session: sessionID } }),
    },
    {
      title: "Timeline of the session",
      icon: "timeline",
      run: () => void router.navigate({ to: "/timeline", search: { session: sessionID } }),
    },
    session?.time.archived === undefined
      ? { title: "Archive", icon: "archive", run: archive }
      : { title: "Take out of the archive", icon: "archive", run: unarchive },
    ...(session?.revert === undefined ? [] : [{ title: "Redo", icon: "undo" as const, run: unrevert }]),
  ];
}
