import { type FormEvent, type ReactNode, useId, useState } from "react";
import { useCalls } from "../../app/client.ts";
import { Button } from "../../ui/button.tsx";
import { copy } from "../../ui/copy.ts";
import { Dialog } from "../../ui/dialog.tsx";
import { Field, inputClasses } from "../../ui/field.tsx";
import { useChange } from "./use-change.ts";

const day = 86_400_000;
const scopes = ["read", "prompt", "admin"] as const;
const spans = [1, 7, 30, 90, 365];

/** Asks what a token may do, and shows its secret, this once. */
export function TokenDialog({ onClose }: { onClose(): void }) {
  const calls = useCalls();
  const { isBusy, change } = useChange();
  const [secret, setSecret] = useState<string>();
  const [scope, setScope] = useState("prompt");
  const form = useId();
  async function create(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const input = read(new FormData(event.currentTarget));
    const created = await change(() => calls.token.create.mutate(input));
    setSecret(created?.secret);
  }
  if (secret !== undefined) return <Secret secret={secret} onClose={onClose} />;
  return (
    <Dialog
      title="Create a token"
      isOpen
      onClose={onClose}
      footer={
        <Button type="submit" form={form} variant="primary" disabled={isBusy}>
          Create
        </Button>
      }
    >
      <form id={form} className="flex flex-col gap-3" onSubmit={(event) => void create(event)}>
        <Field label="Name" name="name" maxLength={200} autoComplete="off" hint="To know it again by." />
        <Labelled label="It may">
          {(id) => (
            <select id={id} name="scope" value={scope} onChange={({ target }) => setScope(target.value)} className={inputClasses}>
              <option value="read">read: look, and change nothing</option>
              <option value="prompt">prompt: work with sessions</option>
              <option value="admin">admin: everything, settings too</option>
            </select>
          )}
        </Labelled>
        <Labelled label="It expires">
          {(id) => (
            <select id={id} name="days" defaultValue="30" className={inputClasses}>
              {spans.map((days) => (
                <option key={days} value={days}>
                  in {days} {days === 1 ? "day" : "days"}
                </option>
              ))}
              <option value="">never</option>
            </select>
          )}
        </Labelled>
        {scope === "admin" ? (
          <p className="text-muted">A token of scope admin is for all directories.</p>
        ) : (
          <Labelled label="Directories">
            {(id) => (
              <>
                <textarea id={id} name="directories" rows={2} spellCheck={false} className={`${inputClasses} font-mono text-xs`} />
                <span className="text-muted text-xs">One absolute path a line, each with what is below it. None: all of the server.</span>
              </>
            )}
          </Labelled>
        )}
      </form>
    </Dialog>
  );
}

function read(given: FormData) {
  const days = Number(given.get("days"));
  const scope = given.get("scope");
  const directories = String(given.get("directories") ?? "")
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");
  return {
    name: String(given.get("name")).trim() || undefined,
    scope: scopes.find((known) => known === scope) ?? "prompt",
    expires: days === 0 ? undefined : Date.now() + days * day,
    directories: directories.length === 0 ? undefined : directories,
  };
}

function Labelled({ label, children }: { label: string; children(id: string): ReactNode }) {
  const id = useId();
  return (
    <div className="flex flex-col gap-1">
      <label htmlFor={id} className="font-medium">
        {label}
      </label>
      {children(id)}
    </div>
  );
}

function Secret({ secret, onClose }: { secret: string; onClose(): void }) {
  return (
    <Dialog
      title="The token"
      isOpen
      onClose={onClose}
      footer={
        <>
          <Button onClick={() => copy(secret, "the token")}>Copy</Button>
          <Button variant="primary" onClick={onClose}>
            I have it
          </Button>
        </>
      }
    >
      <p className="mb-2">It is shown this once: the server keeps no copy of it.</p>
      <output className="block break-all rounded-lg bg-sunken p-2 font-mono text-xs">{secret}</output>
      <p className="mt-2 text-muted">Send it as Authorization: Bearer, or enter it where this page asks for the password.</p>
    </Dialog>
  );
}
