import { type FormEvent, useId, useState } from "react";
import type { Session } from "../../../../src/client/client.ts";
import { Button } from "../../ui/button.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { Field } from "../../ui/field.tsx";
import { tagsOf } from "./filters.ts";
import { counted } from "./use-bulk.ts";

interface TagsDialogProps {
  sessions: readonly Session[];
  /** That are in use elsewhere. */
  known: readonly string[];
  onSave(change: { add: string[]; remove: string[] }): void;
  onClose(): void;
}

/** Tags that sessions are to have more or less. */
export function TagsDialog({ sessions, known, onSave, onClose }: TagsDialogProps) {
  const present = tagsOf(sessions);
  const [removed, setRemoved] = useState<ReadonlySet<string>>(new Set());
  const [text, setText] = useState("");
  const form = useId();
  const add = [...new Set(text.split(",").map((tag) => tag.trim()))].filter((tag) => tag !== "");
  const toggle = (tag: string) => setRemoved(new Set(removed.has(tag) ? [...removed].filter((other) => other !== tag) : [...removed, tag]));
  function submit(event: FormEvent): void {
    event.preventDefault();
    onSave({ add, remove: [...removed] });
  }
  const footer = (
    <>
      <Button onClick={onClose}>Cancel</Button>
      <Button type="submit" form={form} variant="primary" disabled={add.length === 0 && removed.size === 0}>
        Save
      </Button>
    </>
  );
  return (
    <Dialog title={`Tags of ${counted(sessions.length)}`} isOpen onClose={onClose} footer={footer}>
      <form id={form} onSubmit={submit} className="flex flex-col gap-3">
        {present.length > 0 && (
          <fieldset className="flex flex-wrap gap-x-4">
            <legend className="mb-1 font-medium">Kept tags</legend>
            {present.map((tag) => (
              <label key={tag} className="flex min-h-8 items-center gap-2 touch:min-h-11">
                <input type="checkbox" checked={!removed.has(tag)} onChange={() => toggle(tag)} className="size-4 accent-accent" />
                {tag}
              </label>
            ))}
          </fieldset>
        )}
        <Field
          label="Add"
          hint="Several with commas between them"
          list={`${form}-known`}
          maxLength={1_000}
          value={text}
          onChange={(event) => setText(event.target.value)}
        />
        <datalist id={`${form}-known`}>
          {known.map((tag) => (
            <option key={tag} value={tag} />
          ))}
        </datalist>
      </form>
    </Dialog>
  );
}
