import { useEffect, useRef, useState } from "react";
import { reasonOf } from "../../live/follow.ts";
import { Button, buttonClasses } from "../../ui/button.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { Field } from "../../ui/field.tsx";
import { Spinner } from "../../ui/spinner.tsx";

interface LoginStepsProps {
  title: string;
  /** Where the person logs in. */
  url: string;
  instructions?: string;
  /** Ends by itself: resolves when it has. */
  wait?(signal: AbortSignal): Promise<unknown>;
  /** Ends with a code, or the address the browser ended at. */
  onCode?(code: string): Promise<unknown>;
  onDone(): void;
  onClose(): void;
}

/** A login elsewhere: an address to open, then waiting for its end or a code to bring back. */
export function LoginSteps({ title, url, instructions, wait, onCode, onDone, onClose }: LoginStepsProps) {
  const [fault, setFault] = useState<string>();
  const [code, setCode] = useState("");
  const latest = useRef({ wait, onDone });
  useEffect(() => {
    const ends = new AbortController();
    const { wait, onDone } = latest.current;
    wait?.(ends.signal).then(onDone, (error: unknown) => {
      if (!ends.signal.aborted) setFault(reasonOf(error));
    });
    return () => ends.abort();
  }, []);
  const finish = () => {
    setFault(undefined);
    onCode?.(code.trim()).then(onDone, (error: unknown) => setFault(reasonOf(error)));
  };
  return (
    <Dialog title={title} isOpen onClose={onClose}>
      <div className="flex flex-col gap-3">
        {instructions !== undefined && <p>{instructions}</p>}
        <a href={url} target="_blank" rel="noreferrer" className={buttonClasses("primary")}>
          Open the login page
        </a>
        {onCode !== undefined && (
          <form
            className="flex flex-col gap-2"
            onSubmit={(event) => {
              event.preventDefault();
              finish();
            }}
          >
            <Field
              label="Code"
              value={code}
              required
              autoComplete="off"
              hint="Or the whole address that the browser ended at."
              onChange={(event) => setCode(event.target.value)}
            />
            <Button type="submit">Finish</Button>
          </form>
        )}
        {wait !== undefined && fault === undefined && (
          <p className="flex items-center gap-2 text-muted">
            <Spinner label="Waiting" /> Waiting until you have logged in…
          </p>
        )}
        {fault !== undefined && (
          <p role="alert" className="text-danger">
            {fault}
          </p>
        )}
      </div>
    </Dialog>
  );
}
