import { once } from "node:events";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

export interface CallbackOptions {
  /** 0: any that is free. */
  port: number;
  path: string;
  /** What the authorization server was given to send back: a call without it is a stranger's. */
  state: string;
  /** Takes the parameters of the one call that counts. A rejection is shown as a failure, without its text. */
  onCallback(parameters: URLSearchParams): Promise<void>;
}

export interface CallbackListener extends AsyncDisposable {
  port: number;
}

/** Waits on this machine only for the browser to be sent back from a login. Throws the system's error when the port is taken. */
export async function listenForCallback({ port, path, state, onCallback }: CallbackOptions): Promise<CallbackListener> {
  let taken = false;
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? "/", "http://127.0.0.1");
    if (request.method !== "GET" || url.pathname !== path) return answer(response, 404, "There is nothing here.");
    if (url.searchParams.get("state") !== state) return answer(response, 400, "This login was not started here. Start it again.");
    if (taken) return answer(response, 400, "This login has been used already. Start it again.");
    taken = true;
    onCallback(url.searchParams).then(
      () => answer(response, 200, "You are logged in. You can close this window."),
      () => answer(response, 400, "The login failed. Start it again."),
    );
  });
  server.listen(port, "127.0.0.1");
  await once(server, "listening");
  // A login that nobody finishes keeps no process alive.
  server.unref();
  return {
    port: (server.address() as AddressInfo).port,
    async [Symbol.asyncDispose]() {
      const closed = once(server, "close");
      server.close();
      server.closeIdleConnections();
      setTimeout(() => server.closeAllConnections(), 500).unref();
      await closed;
    },
  };
}

function answer(response: ServerResponse, status: number, text: string): void {
  const headers = {
    "content-type": "text/html; charset=utf-8",
    "content-security-policy": "default-src 'none'",
    "referrer-policy": "no-referrer",
    connection: "close",
  };
  response.writeHead(status, headers).end(`<!doctype html><title>Codeport</title><p>${text}</p>\n`);
}
