import { useRouter } from "@tanstack/react-router";
import { useState } from "react";
import type { Session } from "../../../../src/client/client.ts";
import { useCalls } from "../../app/client.ts";
import { toastFault } from "../../app/toasts.ts";

/** Makes a session in a directory (the server's own unless named) and goes there; one at a time. */
export function useNewSession(directory?: string): { isMaking: boolean; create(): void } {
  const { session } = useCalls(directory);
  const router = useRouter();
  const [isMaking, setMaking] = useState(false);
  function create(): void {
    if (isMaking) return;
    setMaking(true);
    const open = ({ id }: Session) => router.navigate({ to: "/session/$sessionID", params: { sessionID: id } });
    session.create
      .mutate({})
      .then(open)
      .catch(toastFault)
      .finally(() => setMaking(false));
  }
  return { isMaking, create };
}
