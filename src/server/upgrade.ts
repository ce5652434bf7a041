import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { AppError } from "../schema/error.ts";
import { type Host, parseTarget } from "./exchange.ts";
import { toFault } from "./fault.ts";
import { type Gate, pass } from "./gate.ts";
import { refuseConnection } from "./raw.ts";
import type { Sockets } from "./socket.ts";

/** Answers upgrades through the same walls and authentication: tRPC lives at `/trpc`, it and the chat protocol at `/ws`, everything else is refused. */
export function createUpgradeListener(host: Host, gate: Gate, sockets: Sockets) {
  return async (request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> => {
    socket.on("error", () => socket.destroy());
    try {
      pass(gate, request);
      const target = parseTarget(request.url ?? "/", host.basePath);
      const principal = await gate.authenticate(request, target.path, target.query);
      if (request.headers.upgrade?.toLowerCase() !== "websocket")
        throw new AppError("BadRequest", "Only an upgrade to websocket is answered.");
      if (target.path !== "/trpc" && target.path !== "/ws")
        throw new AppError("NotFoundError", `There is no WebSocket at ${target.path}; it is at /trpc and /ws.`);
      if (socket.destroyed) return;
      const place = host.quota.subscribe(principal, "websocket");
      socket.once("close", () => place[Symbol.dispose]());
      const release = host.grants.hold(principal, () => endSocket(socket));
      if (release !== undefined) socket.once("close", release);
      sockets.accept(request, { socket, head, target, principal });
    } catch (error) {
      refuseConnection(socket, toFault(host, request, error), request);
    }
  };
}

/** A close frame of WebSocket with the code 1008, policy violation. */
const goodbye = Buffer.from([0x88, 0x02, 0x03, 0xf0]);
const goodbyeMilliseconds = 250;

/** Says so and hangs up, whatever protocol the connection speaks on top; a client that does not read is not waited for. */
function endSocket(socket: Duplex): void {
  socket.end(goodbye);
  setTimeout(() => socket.destroy(), goodbyeMilliseconds).unref();
}
