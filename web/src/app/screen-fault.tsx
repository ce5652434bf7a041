import type { ErrorComponentProps } from "@tanstack/react-router";
import { Button } from "../ui/button.tsx";
import { Empty } from "../ui/empty.tsx";

/** What is shown of a screen that failed; the rest of the page goes on. */
export function ScreenFault({ error, reset }: ErrorComponentProps) {
  const reason = error instanceof Error ? error.message : String(error);
  const isOld = /dynamically imported module|module script failed/i.test(reason);
  return (
    <Empty title={isOld ? "The page is of an older version" : "This screen failed"} role="alert">
      <p className="mb-4 max-w-prose break-words">{isOld ? "The server was updated since it was loaded." : reason}</p>
      <Button variant="primary" onClick={() => (isOld ? location.reload() : reset())}>
        {isOld ? "Load the new one" : "Try again"}
      </Button>
    </Empty>
  );
}
