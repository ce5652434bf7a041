import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useApi, useCalls } from "../../app/client.ts";
import { toast } from "../../app/toasts.ts";
import { reasonOf } from "../../live/follow.ts";
import { Dialog } from "../../ui/dialog.tsx";
import { Spinner } from "../../ui/spinner.tsx";
import { LoginSteps } from "./login-steps.tsx";

interface McpLoginProps {
  directory: string | undefined;
  name: string;
  onClose(): void;
}

/** A login at an MCP server: in the browser, which comes back to the server's machine, or by the code it ends with. */
export function McpLogin({ directory, name, onClose }: McpLoginProps) {
  const { auth } = useCalls(directory).mcp;
  const queries = useQueryClient();
  const key = [...useApi(directory).mcp.auth.start.mutationKey(), name];
  const begun = useQuery({
    queryKey: key,
    queryFn: () => auth.start.mutate({ name }),
    staleTime: 0,
    gcTime: 0,
    retry: false,
    refetchOnWindowFocus: false,
  });
  const title = `Log in at ${name}`;
  const done = () => {
    toast(`Logged in at ${name}`, { tone: "ok" });
    void queries.invalidateQueries();
    onClose();
  };
  if (begun.data === undefined) {
    return (
      <Dialog title={title} isOpen onClose={onClose}>
        {begun.error === null ? <Spinner label="Beginning the login" /> : <p role="alert">{reasonOf(begun.error)}</p>}
      </Dialog>
    );
  }
  return (
    <LoginSteps
      title={title}
      url={begun.data.authorizationUrl}
      instructions="The login ends by itself where the browser runs on the server's machine; from elsewhere, bring the address back that it ended at."
      wait={(signal) => auth.authenticate.mutate({ name }, { signal })}
      onCode={(code) => auth.callback.mutate({ name, code })}
      onDone={done}
      onClose={onClose}
    />
  );
}
