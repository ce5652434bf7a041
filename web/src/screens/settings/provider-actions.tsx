import { useState } from "react";
import type { ProviderAuthMethod, ProviderKey, ProviderTest } from "../../../../src/client/client.ts";
import { useCalls } from "../../app/client.ts";
import { Button } from "../../ui/button.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { KeyDialog } from "./key-dialog.tsx";
import { ProviderLogin } from "./provider-login.tsx";
import { TestOutcome } from "./test-outcome.tsx";
import { useChange } from "./use-change.ts";

interface ProviderActionsProps {
  directory: string | undefined;
  providerID: string;
  isConnected: boolean;
  keys: ProviderKey[];
  methods: ProviderAuthMethod[];
}

type Open = { what: "key" } | { what: "removal" } | { what: "login"; method: number };

/** What can be done with a provider's keys and logins. */
export function ProviderActions({ directory, providerID, isConnected, keys, methods }: ProviderActionsProps) {
  const calls = useCalls(directory);
  const { isBusy, change } = useChange();
  const [open, setOpen] = useState<Open>();
  const [outcome, setOutcome] = useState<ProviderTest>();
  const isStored = keys.some(({ source }) => source === "stored");
  const close = () => setOpen(undefined);
  const test = async () => setOutcome(await change(() => calls.provider.test.mutate({ providerID })));
  const remove = async () => {
    await change(() => calls.auth.remove.mutate({ providerID }), `Removed what was stored for ${providerID}`);
    close();
  };
  const logins = methods.map((method, number) => ({ ...method, number })).filter(({ type }) => type === "oauth");
  return (
    <>
      {isConnected && (
        <Button disabled={isBusy} onClick={() => void test()}>
          {isBusy ? "Testing…" : "Test"}
        </Button>
      )}
      {logins.map(({ label, number }) => (
        <Button key={number} onClick={() => setOpen({ what: "login", method: number })}>
          {label}
        </Button>
      ))}
      <Button onClick={() => setOpen({ what: "key" })}>{isStored ? "Replace key" : "Add key"}</Button>
      {isStored && (
        <Button variant="danger" onClick={() => setOpen({ what: "removal" })}>
          Remove key
        </Button>
      )}
      {outcome !== undefined && (
        <div className="w-full basis-full">
          <TestOutcome outcome={outcome} />
        </div>
      )}
      {open?.what === "key" && <KeyDialog directory={directory} providerID={providerID} onClose={close} />}
      {open?.what === "login" && (
        <ProviderLogin directory={directory} providerID={providerID} method={open.method} methods={methods} onClose={close} />
      )}
      {open?.what === "removal" && (
        <Dialog
          title={`Remove the key of ${providerID}`}
          isOpen
          onClose={close}
          footer={
            <>
              <Button onClick={close}>Keep it</Button>
              <Button variant="danger" disabled={isBusy} onClick={() => void remove()}>
                Remove it
              </Button>
            </>
          }
        >
          What is stored here is forgotten. Keys of the configuration and the environment stay.
        </Dialog>
      )}
    </>
  );
}
