import { type FormEvent, useId, useState } from "react";
import type { useCall } from "../../app/call.ts";
import { Button } from "../../ui/button.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { inputClasses } from "../../ui/field.tsx";
import type { Field } from "../../ui/form-fields.ts";
import { SchemaForm } from "../../ui/schema-form.tsx";
import type { Procedure } from "./procedures.ts";
import type { Input } from "./use-input.ts";

interface CallFormProps {
  procedure: Procedure;
  /** Of its input; none takes none. */
  field: Field | undefined;
  input: Input;
  call: ReturnType<typeof useCall>;
}

const verbs = { query: "Run", mutation: "Run the change", subscription: "Subscribe" };

/** The input and the buttons. What cannot be taken back is asked about first. */
export function CallForm({ procedure, field, input, call }: CallFormProps) {
  const [isTried, setTried] = useState(false);
  const [isAsking, setAsking] = useState(false);
  const isRunning = call.state === "running";
  const run = () => {
    setAsking(false);
    input.keep();
    void call.run(input.value);
  };
  function submit(event: FormEvent): void {
    event.preventDefault();
    setTried(true);
    if (input.problems.length > 0) return;
    if (isGrave(procedure)) setAsking(true);
    else run();
  }
  return (
    <form className="flex flex-col gap-3" onSubmit={submit} onBlur={input.keep} noValidate>
      {field === undefined ? (
        <p className="text-muted">Takes no input.</p>
      ) : (
        <InputControls field={field} input={input} isTried={isTried} />
      )}
      {isTried && input.problems.length > 0 && (
        <p role="alert" className="text-danger">
          {input.problems.map(({ path, message }) => `${path.join(".") || "The input"} ${message}`).join("; ")}.
        </p>
      )}
      <div className="flex gap-2">
        <Button type="submit" variant="primary" disabled={isRunning}>
          {verbs[procedure.type]}
        </Button>
        {isRunning && <Button onClick={call.stop}>Stop</Button>}
      </div>
      <Dialog
        title={`Run ${procedure.path}?`}
        isOpen={isAsking}
        onClose={() => setAsking(false)}
        footer={
          <>
            <Button onClick={() => setAsking(false)}>Leave it</Button>
            <Button variant="danger" onClick={run}>
              Run it
            </Button>
          </>
        }
      >
        It changes or removes what this server keeps, for everyone who uses it.
      </Dialog>
    </form>
  );
}

function isGrave({ type, scope, rest }: Procedure): boolean {
  return type === "mutation" && (scope === "admin" || rest?.startsWith("DELETE") === true);
}

function InputControls({ field, input, isTried }: { field: Field; input: Input; isTried: boolean }) {
  const id = useId();
  const { mode, setMode, draft, setDraft, text, setText, problems } = input;
  return (
    <div className="flex flex-col gap-3">
      {field.kind !== "json" && (
        <fieldset className="flex gap-1">
          <legend className="sr-only">How to enter the input</legend>
          {(["form", "json"] as const).map((name) => (
            <Button key={name} variant={mode === name ? "plain" : "quiet"} aria-pressed={mode === name} onClick={() => setMode(name)}>
              {name === "form" ? "Form" : "JSON"}
            </Button>
          ))}
        </fieldset>
      )}
      {mode === "form" ? (
        <SchemaForm field={field} draft={draft} problems={isTried ? problems : []} onChange={setDraft} />
      ) : (
        <div className="flex flex-col gap-1">
          <label htmlFor={id} className="font-medium">
            Input as JSON
          </label>
          <textarea
            id={id}
            rows={10}
            value={text}
            spellCheck={false}
            className={`${inputClasses} font-mono text-xs`}
            onChange={(event) => setText(event.target.value)}
          />
        </div>
      )}
    </div>
  );
}
