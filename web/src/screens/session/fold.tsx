import type { ReactNode } from "react";
import { classes } from "../../ui/classes.ts";
import { Icon } from "../../ui/icon.tsx";
import { useFold } from "./folds.ts";

interface FoldProps {
  /** Of the part: whether it is open is kept by it. */
  id: string;
  title: ReactNode;
  /** Beside the title, not part of the button. */
  aside?: ReactNode;
  /** Unless the reader chose. */
  isOpen?: boolean;
  className?: string;
  children: ReactNode;
}

/** A line that opens to more. What is folded is not on the page. */
export function Fold({ id, title, aside, isOpen: isOpenAtFirst, className, children }: FoldProps) {
  const [isOpen, setOpen] = useFold(id, isOpenAtFirst);
  return (
    <div className={className}>
      <div className="flex items-center gap-2">
        <button
          type="button"
          aria-expanded={isOpen}
          onClick={() => setOpen(!isOpen)}
          className="flex min-h-8 min-w-0 flex-1 items-center gap-2 rounded-md text-left hover:bg-hover touch:min-h-11"
        >
          <Icon name="chevron" className={classes("size-3.5 text-muted", isOpen && "rotate-90")} />
          {title}
        </button>
        {aside}
      </div>
      {isOpen && children}
    </div>
  );
}
