import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { Token } from "../../../../src/client/client.ts";
import { useApi, useCalls } from "../../app/client.ts";
import { Badge } from "../../ui/badge.tsx";
import { Button } from "../../ui/button.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { Empty } from "../../ui/empty.tsx";
import { Time, useNow } from "../../ui/time.tsx";
import { Group, Item, Loaded, listClasses } from "./loaded.tsx";
import { TokenDialog } from "./token-dialog.tsx";
import { useChange } from "./use-change.ts";

/** Who else may come in, with which rights and until when. */
export function Tokens() {
  const list = useQuery(useApi().token.list.queryOptions());
  const [isAdding, setAdding] = useState(false);
  const [revoked, setRevoked] = useState<Token>();
  return (
    <Loaded query={list} what="The tokens">
      {(tokens) => (
        <Group title="Access tokens" actions={<Button onClick={() => setAdding(true)}>Create a token</Button>}>
          <ul className={listClasses}>
            {tokens.toReversed().map((token) => (
              <TokenItem key={token.id} token={token} onRevoke={() => setRevoked(token)} />
            ))}
          </ul>
          {tokens.length === 0 && <Empty title="There are none">A token lets a program or a person in with less than all rights.</Empty>}
          {isAdding && <TokenDialog onClose={() => setAdding(false)} />}
          {revoked !== undefined && <Revocation token={revoked} onClose={() => setRevoked(undefined)} />}
        </Group>
      )}
    </Loaded>
  );
}

function stateOf({ revoked, expires }: Token, now: number): "valid" | "revoked" | "expired" {
  if (revoked !== undefined) return "revoked";
  return expires !== undefined && expires <= now ? "expired" : "valid";
}

function TokenItem({ token, onRevoke }: { token: Token; onRevoke(): void }) {
  const { id, name, scope, directories, created, expires } = token;
  const state = stateOf(token, useNow(30_000));
  return (
    <Item
      actions={
        state === "valid" && (
          <Button variant="danger" aria-label={`Revoke ${name || id}`} onClick={onRevoke}>
            Revoke
          </Button>
        )
      }
    >
      <div className="flex flex-wrap items-center gap-2">
        <span className="break-all font-medium">{name || id}</span>
        <Badge tone={scope === "admin" ? "warn" : "plain"}>{scope}</Badge>
        <Badge tone={state === "valid" ? "ok" : "plain"}>{state}</Badge>
      </div>
      <div className="text-muted text-xs">
        {id} · created <Time at={created} />
        {expires === undefined ? " · does not expire" : ` · until ${new Date(expires).toLocaleString()}`}
      </div>
      {directories?.map((directory) => (
        <div key={directory} className="break-all text-muted text-xs">
          only {directory}
        </div>
      ))}
    </Item>
  );
}

function Revocation({ token: { id, name }, onClose }: { token: Token; onClose(): void }) {
  const calls = useCalls();
  const { isBusy, change } = useChange();
  const revoke = async () => {
    if (await change(() => calls.token.revoke.mutate({ tokenID: id }), `Revoked ${name || id}`)) onClose();
  };
  return (
    <Dialog
      title={`Revoke ${name || id}`}
      isOpen
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>Keep it</Button>
          <Button variant="danger" disabled={isBusy} onClick={() => void revoke()}>
            Revoke it
          </Button>
        </>
      }
    >
      It lets nobody in from now on, and what it has open is closed. That cannot be undone.
    </Dialog>
  );
}
