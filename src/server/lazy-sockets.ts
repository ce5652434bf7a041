import type { Host } from "./exchange.ts";
import { toFault } from "./fault.ts";
import type { Sockets } from "./socket.ts";

/** The sockets, loaded by the first upgrade: a start has no need of them. Until then the connection keeps what its client sends. */
export function lazySockets(host: Host): Sockets {
  let loading: Promise<Sockets> | undefined;
  const load = async () => (await import("./socket.ts")).createSockets(host);
  return {
    accept(request, upgrade) {
      loading ??= load();
      loading
        .then((sockets) => sockets.accept(request, upgrade))
        .catch((error: unknown) => {
          toFault(host, request, error);
          upgrade.socket.destroy();
        });
    },
    close: async () => (await loading)?.close(),
    terminate() {
      void loading?.then((sockets) => sockets.terminate());
    },
  };
}
