import { type FormEvent, useId } from "react";
import { useCalls } from "../../app/client.ts";
import { Button } from "../../ui/button.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { Field } from "../../ui/field.tsx";
import { useChange } from "./use-change.ts";

/** Adds a server until this one stops. */
export function McpAdd({ directory, onClose }: { directory: string | undefined; onClose(): void }) {
  const { mcp } = useCalls(directory);
  const { isBusy, change } = useChange();
  const form = useId();
  async function add(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const given = new FormData(event.currentTarget);
    const name = String(given.get("name")).trim();
    const place = String(given.get("place")).trim();
    const config = /^https?:\/\//i.test(place)
      ? { type: "remote" as const, url: place }
      : { type: "local" as const, command: place.split(/\s+/) };
    if (await change(() => mcp.add.mutate({ name, config }), `Added ${name}`)) onClose();
  }
  return (
    <Dialog
      title="Add an MCP server"
      isOpen
      onClose={onClose}
      footer={
        <Button type="submit" form={form} variant="primary" disabled={isBusy}>
          {isBusy ? "Connecting…" : "Add"}
        </Button>
      }
    >
      <form id={form} className="flex flex-col gap-3" onSubmit={(event) => void add(event)}>
        <Field label="Name" name="name" required autoComplete="off" />
        <Field
          label="Address or command"
          name="place"
          required
          autoComplete="off"
          spellCheck={false}
          hint="https://… of a server elsewhere, or a program with its arguments, split at spaces."
        />
        <p className="text-muted">It stays until the server stops. To keep it, write it under "mcp" in the configuration.</p>
      </form>
    </Dialog>
  );
}
