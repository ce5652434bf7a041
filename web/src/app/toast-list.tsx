import { Button } from "../ui/button.tsx";
import { IconButton } from "../ui/icon-button.tsx";
import { closeToast, type Toast, useToasts } from "./toasts.ts";

const tones = { info: "border-line", ok: "border-ok", danger: "border-danger" };

/** Above the line that one writes in and beside no button: what it covers is what was there before. */
export function ToastList() {
  const toasts = useToasts();
  return (
    <section
      aria-label="Notices"
      aria-live="polite"
      className="pointer-events-none fixed right-3 bottom-36 z-50 flex w-[min(24rem,calc(100vw-1.5rem))] flex-col gap-2"
    >
      {toasts.map((shown) => (
        <Shown key={shown.id} toast={shown} />
      ))}
    </section>
  );
}

function Shown({ toast: { id, text, tone, action } }: { toast: Toast }) {
  const act = () => {
    action?.run();
    closeToast(id);
  };
  return (
    <div
      role={tone === "danger" ? "alert" : undefined}
      className={`pointer-events-auto flex items-start gap-2 rounded-lg border bg-raised py-1.5 pr-1.5 pl-3 shadow-lg ${tones[tone]}`}
    >
      <p className="min-w-0 flex-1 break-words py-1">{text}</p>
      {action !== undefined && <Button onClick={act}>{action.title}</Button>}
      <IconButton icon="close" label="Close this notice" onClick={() => closeToast(id)} />
    </div>
  );
}
