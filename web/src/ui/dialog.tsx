import { lazy, type ReactNode, Suspense, useRef } from "react";

export interface DialogProps {
  title: string;
  isOpen: boolean;
  onClose(): void;
  children: ReactNode;
  /** Below the content, at the right. */
  footer?: ReactNode;
  width?: "narrow" | "wide";
}

const OpenedDialog = lazy(() => import("./opened-dialog.tsx").then(({ OpenedDialog }) => ({ default: OpenedDialog })));

/**
 * A window over the page: takes the focus (into its first field), gives it back, and closes with Escape or a click beside it. What a window is made of
 * is loaded when the first one opens.
 */
export function Dialog(props: DialogProps) {
  const wasOpen = useRef(false);
  wasOpen.current ||= props.isOpen;
  if (!wasOpen.current) return null;
  return (
    <Suspense>
      <OpenedDialog {...props} />
    </Suspense>
  );
}
