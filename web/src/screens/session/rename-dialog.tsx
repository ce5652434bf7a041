import { type FormEvent, useId, useState } from "react";
import { Button } from "../../ui/button.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { Field } from "../../ui/field.tsx";
import { useSessionCalls } from "./use-session-calls.ts";

export function RenameDialog({ sessionID, title, onClose }: { sessionID: string; title: string; onClose(): void }) {
  const [name, setName] = useState(title);
  const { rename } = useSessionCalls(sessionID);
  const form = useId();
  function submit(event: FormEvent): void {
    event.preventDefault();
    if (name.trim() !== "" && name.trim() !== title) rename(name.trim());
    onClose();
  }
  const save = (
    <Button type="submit" form={form} variant="primary" disabled={name.trim() === ""}>
      Rename
    </Button>
  );
  return (
    <Dialog title="Rename the session" isOpen onClose={onClose} footer={save}>
      <form id={form} onSubmit={submit}>
        <Field label="Title" value={name} onChange={(event) => setName(event.target.value)} onFocus={(event) => event.target.select()} />
      </form>
    </Dialog>
  );
}
