import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { toast, toastFault } from "../../app/toasts.ts";

/** Runs changes one at a time; after each, what is shown is asked for anew. Resolves with what the change brought, undefined where it failed, which is told. */
export function useChange(): { isBusy: boolean; change<Result>(run: () => Promise<Result>, done?: string): Promise<Result | undefined> } {
  const queries = useQueryClient();
  const [isBusy, setBusy] = useState(false);
  return {
    isBusy,
    async change(run, done) {
      setBusy(true);
      try {
        const result = await run();
        if (done !== undefined) toast(done, { tone: "ok" });
        return result;
      } catch (error) {
        toastFault(error);
        return undefined;
      } finally {
        setBusy(false);
        await queries.invalidateQueries();
      }
    },
  };
}
