import { Dialog as Base } from "@base-ui/react/dialog";
import { useRef } from "react";
import type { DialogProps } from "./dialog.tsx";
import { IconButton } from "./icon-button.tsx";

/** The window itself. */
export function OpenedDialog({ title, isOpen, onClose, children, footer, width = "narrow" }: DialogProps) {
  const content = useRef<HTMLDivElement>(null);
  const firstField = () => content.current?.querySelector<HTMLElement>("input, textarea, select") ?? true;
  return (
    <Base.Root open={isOpen} onOpenChange={(open) => !open && onClose()}>
      <Base.Portal>
        <Base.Backdrop className="fixed inset-0 z-40 bg-shade" />
        <Base.Popup
          // A field that takes the focus from a touch would bring up a keyboard over the rest.
          initialFocus={(by) => (by === "touch" ? true : firstField())}
          className={`fixed top-1/2 left-1/2 z-50 flex max-h-[90dvh] w-[calc(100vw-2rem)] -translate-x-1/2 -translate-y-1/2 flex-col rounded-xl border border-line bg-surface shadow-xl ${width === "wide" ? "max-w-3xl" : "max-w-md"}`}
        >
          <div className="flex items-center justify-between gap-2 border-line border-b py-2 pr-2 pl-4">
            <Base.Title className="font-semibold text-base">{title}</Base.Title>
            <Base.Close render={<IconButton icon="close" label="Close" />} />
          </div>
          <div ref={content} className="overflow-auto p-4">
            {children}
          </div>
          {footer !== undefined && <div className="flex flex-wrap justify-end gap-2 border-line border-t p-3">{footer}</div>}
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
  );
}
