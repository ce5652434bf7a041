import type { ProviderTest } from "../../../../src/client/client.ts";
import { duration } from "../../ui/time.tsx";

/** What a provider said to a key. */
export function TestOutcome({ outcome: { ok, modelID, milliseconds, error } }: { outcome: ProviderTest }) {
  if (ok) {
    return (
      <p role="status" className="text-ok text-xs">
        It works: {modelID} answered in {duration(milliseconds)}.
      </p>
    );
  }
  return (
    <p role="status" className="break-words text-danger text-xs">
      It does not work{error?.status !== undefined && ` (${error.status})`}: {error?.message ?? "no reason was given"}
    </p>
  );
}
