import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { MCPStatus } from "../../../../src/client/client.ts";
import { useApi, useCalls } from "../../app/client.ts";
import { Badge } from "../../ui/badge.tsx";
import { Button } from "../../ui/button.tsx";
import { Empty } from "../../ui/empty.tsx";
import { Group, Item, Loaded, listClasses } from "./loaded.tsx";
import { McpAdd } from "./mcp-add.tsx";
import { McpLogin } from "./mcp-login.tsx";
import { useMayChange } from "./rights.ts";
import { useChange } from "./use-change.ts";

/** Servers that lend tools, and what each is doing. */
export function McpServers({ directory }: { directory: string | undefined }) {
  // Nothing tells of a server that comes or goes while nobody asks.
  const list = useQuery({ ...useApi(directory).mcp.status.queryOptions(), refetchInterval: 5_000 });
  const [isAdding, setAdding] = useState(false);
  const mayChange = useMayChange();
  return (
    <Loaded query={list} what="The MCP servers">
      {(servers) => (
        <Group title="MCP servers" actions={mayChange && <Button onClick={() => setAdding(true)}>Add a server</Button>}>
          <ul className={listClasses}>
            {Object.entries(servers).map(([name, status]) => (
              <Server key={name} directory={directory} name={name} status={status} />
            ))}
          </ul>
          {Object.keys(servers).length === 0 && (
            <Empty title="There are none">Those of the configuration ("mcp") are listed here, and what is added for a while.</Empty>
          )}
          {isAdding && <McpAdd directory={directory} onClose={() => setAdding(false)} />}
        </Group>
      )}
    </Loaded>
  );
}

const states = {
  connected: { word: "connected", tone: "ok" },
  disabled: { word: "disconnected", tone: "plain" },
  failed: { word: "failed", tone: "danger" },
  needs_auth: { word: "needs a login", tone: "warn" },
  needs_client_registration: { word: "needs a client id", tone: "warn" },
} as const;

interface ServerProps {
  directory: string | undefined;
  name: string;
  status: MCPStatus;
}

function Server({ directory, name, status }: ServerProps) {
  const { word, tone } = states[status.status];
  const mayChange = useMayChange();
  return (
    <Item actions={mayChange && <ServerActions directory={directory} name={name} status={status} />}>
      <div className="flex flex-wrap items-center gap-2">
        <span className="font-medium">{name}</span>
        <Badge tone={tone}>{word}</Badge>
      </div>
      {"error" in status && <p className="break-words text-danger text-xs">{status.error}</p>}
    </Item>
  );
}

function ServerActions({ directory, name, status: { status } }: ServerProps) {
  const { mcp } = useCalls(directory);
  const { isBusy, change } = useChange();
  const [isLogin, setLogin] = useState(false);
  // A login may be made elsewhere, and then the status has changed.
  const logins = useQuery(useApi(directory).mcp.auth.list.queryOptions(undefined, { staleTime: 0 })).data ?? [];
  const connect = () => void change(() => mcp.connect.mutate({ name }));
  const disconnect = () => void change(() => mcp.disconnect.mutate({ name }), `Disconnected ${name}`);
  const forget = () => void change(() => mcp.auth.remove.mutate({ name }), `Forgot the login at ${name}`);
  return (
    <>
      {status === "needs_auth" && (
        <Button variant="primary" aria-label={`Log in at ${name}`} onClick={() => setLogin(true)}>
          Log in
        </Button>
      )}
      {status === "connected" ? (
        <Button disabled={isBusy} aria-label={`Disconnect ${name}`} onClick={disconnect}>
          Disconnect
        </Button>
      ) : (
        <Button disabled={isBusy} aria-label={`Connect ${name}`} onClick={connect}>
          {isBusy ? "Connecting…" : "Connect"}
        </Button>
      )}
      {logins.includes(name) && (
        <Button disabled={isBusy} aria-label={`Forget login at ${name}`} onClick={forget}>
          Forget login
        </Button>
      )}
      {isLogin && <McpLogin directory={directory} name={name} onClose={() => setLogin(false)} />}
    </>
  );
}
