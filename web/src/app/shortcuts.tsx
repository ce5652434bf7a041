import { useState } from "react";
import { Dialog } from "../ui/dialog.tsx";
import { offeredActions } from "./actions.ts";
import { shownKeys } from "./keys.ts";

/** All keys that do something on this screen. */
export function Shortcuts({ onClose }: { onClose(): void }) {
  const [actions] = useState(() => offeredActions().filter(({ keys }) => keys !== undefined));
  return (
    <Dialog title="Shortcuts" isOpen onClose={onClose}>
      <dl className="grid grid-cols-[1fr_auto] gap-x-6 gap-y-1.5">
        {actions.map(({ id, title, group, keys = "" }) => (
          <div key={id} className="contents">
            <dt>{group === "Go to" ? `Go to ${title}` : title}</dt>
            <dd className="text-right">
              <kbd className="rounded border border-line bg-raised px-1.5 py-0.5 font-sans text-xs">{shownKeys(keys)}</kbd>
            </dd>
          </div>
        ))}
      </dl>
    </Dialog>
  );
}
