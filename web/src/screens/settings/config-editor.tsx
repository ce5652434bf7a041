import { useId, useState } from "react";
import { Button } from "../../ui/button.tsx";
import { inputClasses } from "../../ui/field.tsx";
import type { Fault } from "./check-schema.ts";
import { placeOf, readConfig } from "./config-draft.ts";
import { useChange } from "./use-change.ts";

interface ConfigEditorProps {
  config: object;
  schema: object;
  about: string;
  /** Writes what differs. */
  save(patch: object): Promise<unknown>;
}

/** A configuration as text, checked while it is written. */
export function ConfigEditor({ config, schema, about, save }: ConfigEditorProps) {
  const id = useId();
  const known = JSON.stringify(config, null, 2);
  const [draft, setDraft] = useState<string>();
  const { isBusy, change } = useChange();
  const text = draft ?? known;
  const { value, faults } = readConfig(text, { schema, config });
  const isChanged = draft !== undefined && draft !== known;
  const write = async () => {
    if (value !== undefined && (await change(() => save(value), "Saved the configuration")) !== undefined) setDraft(undefined);
  };
  return (
    <div className="flex flex-col gap-2">
      <label htmlFor={id} className="text-muted">
        {about} Secrets are not shown and stay as they are.
      </label>
      <textarea
        id={id}
        aria-describedby={`${id}-faults`}
        aria-invalid={faults.length > 0}
        rows={Math.min(30, Math.max(10, text.split("\n").length + 1))}
        spellCheck={false}
        autoCapitalize="off"
        className={`${inputClasses} font-mono text-xs leading-5`}
        value={text}
        onChange={(event) => setDraft(event.target.value)}
      />
      <Faults id={`${id}-faults`} faults={faults} />
      <div className="flex gap-2">
        <Button variant="primary" disabled={!isChanged || faults.length > 0 || isBusy} onClick={() => void write()}>
          {isBusy ? "Saving…" : "Save"}
        </Button>
        {isChanged && <Button onClick={() => setDraft(undefined)}>Undo the changes</Button>}
      </div>
    </div>
  );
}

function Faults({ id, faults }: { id: string; faults: Fault[] }) {
  return (
    <ul id={id} aria-live="polite" aria-label="What is wrong" className="text-danger">
      {faults.map((fault) => (
        <li key={`${placeOf(fault)} ${fault.message}`} className="break-words">
          <span className="font-mono text-xs">{placeOf(fault)}</span> {fault.message}
        </li>
      ))}
    </ul>
  );
}
