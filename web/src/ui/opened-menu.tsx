import { Menu as Base } from "@base-ui/react/menu";
import { classes } from "./classes.ts";
import { Icon } from "./icon.tsx";
import type { MenuProps } from "./menu.tsx";

/** A menu that opens as soon as it is there. */
export function OpenedMenu({ trigger, items }: MenuProps) {
  return (
    <Base.Root defaultOpen>
      <Base.Trigger render={trigger} />
      <Base.Portal>
        <Base.Positioner sideOffset={4} align="end" className="z-50">
          <Base.Popup className="min-w-44 rounded-lg border border-line bg-raised p-1 shadow-lg">
            {items.map(({ title, icon, isDangerous, isDisabled, run }) => (
              <Base.Item
                key={title}
                disabled={isDisabled}
                onClick={run}
                className={classes(
                  "flex min-h-8 cursor-default select-none items-center gap-2 rounded-md px-2 data-disabled:opacity-50 data-highlighted:bg-hover touch:min-h-11",
                  isDangerous && "text-danger",
                )}
              >
                {icon !== undefined && <Icon name={icon} />}
                {title}
              </Base.Item>
            ))}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}
