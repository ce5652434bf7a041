import { useState } from "react";
import { Dialog } from "../ui/dialog.tsx";
import { offeredActions } from "./actions.ts";
import { ownFirst } from "./found.ts";
import { shownKeys } from "./keys.ts";

/** All keys that do something on this screen. */
export function Shortcuts({ onClose }: { onClose(): void }) {
  const [groups] = useState(() => {
    const actions = ownFirst(offeredActions().filter(({ keys }) => keys !== undefined));
    return [...Map.groupBy(actions, ({ group = "Page" }) => group)];
  });
  return (
    <Dialog title="Shortcuts" isOpen onClose={onClose}>
      <div className="flex flex-col gap-4">
        {groups.map(([group, actions]) => (
          <section key={group} aria-label={group}>
            <h3 className="mb-1.5 text-muted text-xs">{group}</h3>
            <dl className="grid grid-cols-[1fr_auto] gap-x-6 gap-y-1.5">
              {actions.map(({ id, title, keys = "" }) => (
                <div key={id} className="contents">
                  <dt>{title}</dt>
                  <dd className="text-right">
                    <kbd className="rounded border border-line bg-raised px-1.5 py-0.5 font-sans text-xs">{shownKeys(keys)}</kbd>
                  </dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </Dialog>
  );
}
