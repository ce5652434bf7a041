import { cloneElement, type HTMLAttributes, lazy, type ReactElement, Suspense, startTransition, useState } from "react";
import type { IconName } from "./icon.tsx";

export interface MenuItem {
  title: string;
  icon?: IconName;
  isDangerous?: boolean;
  isDisabled?: boolean;
  run(): void;
}

export interface MenuProps {
  /** The button. */
  trigger: ReactElement<HTMLAttributes<HTMLElement>>;
  items: MenuItem[];
}

const load = () => import("./opened-menu.tsx");
const OpenedMenu = lazy(() => load().then(({ OpenedMenu }) => ({ default: OpenedMenu })));
const loadAhead = () => void load().catch(() => {});

/** A button that opens a list of things to do. What a list is made of is loaded when somebody is about to open the first. */
export function Menu({ trigger, items }: MenuProps) {
  const [isWanted, setWanted] = useState(false);
  const open = () => startTransition(() => setWanted(true));
  const button = cloneElement(trigger, {
    "aria-haspopup": "menu",
    "aria-expanded": false,
    onPointerEnter: loadAhead,
    onFocus: loadAhead,
    onClick: open,
    onKeyDown: ({ key }) => key === "ArrowDown" && open(),
  });
  if (!isWanted) return button;
  return (
    <Suspense fallback={button}>
      <OpenedMenu trigger={trigger} items={items} />
    </Suspense>
  );
}
