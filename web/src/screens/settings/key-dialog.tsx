import { type FormEvent, useRef, useState } from "react";
import type { ProviderTest } from "../../../../src/client/client.ts";
import { useCalls } from "../../app/client.ts";
import { Button } from "../../ui/button.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { Field } from "../../ui/field.tsx";
import { TestOutcome } from "./test-outcome.tsx";
import { useChange } from "./use-change.ts";

interface KeyDialogProps {
  directory: string | undefined;
  /** Asked for where it is not given. */
  providerID?: string;
  onClose(): void;
}

/** Takes a key, tries it if wanted, and stores it; it is never shown again. */
export function KeyDialog({ directory, providerID: given, onClose }: KeyDialogProps) {
  const calls = useCalls(directory);
  const { isBusy, change } = useChange();
  const [outcome, setOutcome] = useState<ProviderTest>();
  const form = useRef<HTMLFormElement>(null);
  const read = () => {
    const fields = new FormData(form.current ?? undefined);
    return { providerID: given ?? String(fields.get("provider")).trim(), key: String(fields.get("key")).trim() };
  };
  async function test() {
    if (!form.current?.reportValidity()) return;
    setOutcome(undefined);
    setOutcome(await change(() => calls.provider.test.mutate(read())));
  }
  async function save(event: FormEvent) {
    event.preventDefault();
    const { providerID, key } = read();
    const run = () => calls.auth.set.mutate({ providerID, auth: { type: "api", key } });
    if (await change(run, `Stored the key of ${providerID}`)) onClose();
  }
  return (
    <Dialog
      title={given === undefined ? "Add a key" : `Key of ${given}`}
      isOpen
      onClose={onClose}
      footer={
        <>
          <Button disabled={isBusy} onClick={() => void test()}>
            Test it
          </Button>
          <Button variant="primary" type="submit" form="key-form" disabled={isBusy}>
            Save
          </Button>
        </>
      }
    >
      <form id="key-form" ref={form} className="flex flex-col gap-3" onSubmit={(event) => void save(event)}>
        {given === undefined && (
          <Field label="Provider" name="provider" required autoComplete="off" spellCheck={false} hint="Its id, as anthropic or openai." />
        )}
        <Field
          label="Key"
          name="key"
          type="password"
          required
          autoComplete="off"
          pattern="\s*[\x21-\x7e]+\s*"
          hint="Kept in a file that only the server's user may read. It is shown masked from now on."
        />
        {outcome !== undefined && <TestOutcome outcome={outcome} />}
      </form>
    </Dialog>
  );
}
