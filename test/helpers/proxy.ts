import { once } from "node:events";
import { createServer, request as send } from "node:http";
import { type AddressInfo, connect } from "node:net";

/** A proxy that knows a few names and where each of them is; others it refuses. Plain requests and tunnels. */
export interface TestProxy extends AsyncDisposable {
  url: string;
  /** `host:port` of every request, in order. */
  log: string[];
}

export async function testProxy(places: Record<string, string>): Promise<TestProxy> {
  const log: string[] = [];
  const placeOf = (host: string): URL | undefined => {
    log.push(host);
    const place = places[host.replace(/:\d+$/, "")];
    return place === undefined ? undefined : new URL(place);
  };
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? "/", "http://unknown.test");
    const place = placeOf(url.host);
    if (place === undefined) return response.writeHead(502).end();
    const { host: _host, ...headers } = request.headers;
    const onward = send({ host: place.hostname, port: place.port, path: url.pathname + url.search, method: request.method, headers });
    onward.on("response", (answer) => answer.pipe(response.writeHead(answer.statusCode ?? 502, answer.headers)));
    onward.on("error", () => response.destroy());
    request.pipe(onward);
  });
  server.on("connect", (request, socket) => {
    const place = placeOf(request.url ?? "");
    if (place === undefined) return socket.end("HTTP/1.1 502 Bad Gateway\r\n\r\n");
    const onward = connect(Number(place.port), place.hostname, () => {
      socket.write("HTTP/1.1 200 Connection Established\r\n\r\n");
      onward.pipe(socket).pipe(onward);
    });
    onward.on("error", () => socket.destroy());
    socket.on("error", () => onward.destroy());
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    log,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
    },
  };
}
