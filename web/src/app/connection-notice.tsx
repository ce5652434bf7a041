import { useConnection } from "../live/hooks.ts";
import { Spinner } from "../ui/spinner.tsx";

/** Says when what is shown may be old. */
export function ConnectionNotice() {
  const { state, reason } = useConnection();
  if (state !== "lost") return null;
  return (
    <div role="status" className="flex items-center gap-2 border-warn border-b bg-raised px-4 py-1.5 text-warn">
      <Spinner label="Connecting" className="size-3.5" />
      <span title={reason}>The connection is lost. What is shown may be old; it goes on by itself.</span>
    </div>
  );
}
