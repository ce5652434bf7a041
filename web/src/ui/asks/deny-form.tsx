import { type FormEvent, useId, useState } from "react";
import { Button } from "../button.tsx";
import { inputClasses } from "../field.tsx";

interface DenyFormProps {
  isAnswering: boolean;
  onDeny(reason: string): void;
  onCancel(): void;
}

/** A refusal, with or without a reason. */
export function DenyForm({ isAnswering, onDeny, onCancel }: DenyFormProps) {
  const [reason, setReason] = useState("");
  const id = useId();
  function submit(event: FormEvent): void {
    event.preventDefault();
    onDeny(reason);
  }
  return (
    <form onSubmit={submit} onKeyDown={(event) => event.key === "Escape" && onCancel()} className="mt-2 flex flex-col gap-2">
      <label htmlFor={id} className="text-muted">
        What should it do instead? With a reason the turn goes on; without one it ends.
      </label>
      <input
        id={id}
        ref={(input) => input?.focus()}
        value={reason}
        onChange={(event) => setReason(event.target.value)}
        placeholder="Reason (optional)"
        className={inputClasses}
      />
      <div className="flex flex-wrap gap-2">
        <Button type="submit" variant="danger" disabled={isAnswering}>
          Deny
        </Button>
        <Button variant="quiet" onClick={onCancel}>
          Back
        </Button>
      </div>
    </form>
  );
}
