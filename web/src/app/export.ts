import { download } from "../ui/download.ts";
import { serverAddress } from "./base.ts";
import { useCalls } from "./client.ts";
import { toast } from "./toasts.ts";

/** Has the browser save a session as one HTML file. The address takes no password from here: a ticket opens it, once. */
export function useExport(): (sessionID: string) => Promise<void> {
  const { token } = useCalls();
  return async (sessionID) => {
    const { ticket } = await token.ticket.mutate();
    const response = await fetch(`${serverAddress}/session/${sessionID}/export?ticket=${encodeURIComponent(ticket)}`);
    if (!response.ok) return toast(`The file could not be made: the server answered ${response.status}.`, { tone: "danger" });
    const name = /filename="([^"]+)"/.exec(response.headers.get("content-disposition") ?? "")?.[1] ?? "session.html";
    download(name, { type: "text/html", text: await response.text() });
  };
}
