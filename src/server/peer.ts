import type { Socket } from "node:net";
import { networkInterfaces } from "node:os";
import { hiddenTool } from "./peer-hidden.ts";
import { isStartedByUs, ownMarkers, toolMarker } from "./peer-process.ts";
import { findSocket, holdersOf } from "./peer-socket.ts";

/**
 * Says whether a connection comes from a process that a server started (a tool, or an MCP or language server): its id, or what it is.
 * Looked up on Linux, for connections from this machine: the socket's processes, whether one of them descends from this server, and
 * whether one carries the mark of a tool in its environment, also when it has left its parents behind; where none is seen, `peer-hidden.ts`.
 * Undefined for anybody else, other users among them, and on other systems.
 */
export function createPeers(): (socket: Socket) => Promise<string | undefined> {
  // A connection does not change hands, and may carry many calls.
  const known = new WeakMap<Socket, Promise<string | undefined>>();
  return (socket) => {
    const found = known.get(socket) ?? look(socket);
    known.set(socket, found);
    return found;
  };
}

async function look({ remoteAddress, remotePort, localAddress, localPort }: Socket): Promise<string | undefined> {
  if (process.platform !== "linux" || !remoteAddress || !remotePort || !localAddress || !localPort) return undefined;
  const [theirs, ours] = [plain(remoteAddress), plain(localAddress)];
  if (!isThisMachine(theirs)) return undefined;
  const socket = await findSocket({ address: theirs, port: remotePort }, { address: ours, port: localPort });
  // Whoever waits for the answer has the connection open. A sender that hid by closing its end cannot be told from a tool.
  if (socket === undefined) return "unknown: the connection was closed before its process was found";
  const own = await ownMarkers();
  const holders = await holdersOf(socket.inode);
  for (const pid of holders) {
    if (pid === process.pid) continue;
    const marker = await toolMarker(pid, own);
    if (marker !== undefined) return marker;
    if (await isStartedByUs(pid)) return `process ${pid}`;
  }
  return holders.length > 0 ? undefined : hiddenTool(socket.uid, own);
}

function isThisMachine(address: string): boolean {
  if (address === "::1" || /^127\./.test(address)) return true;
  return Object.values(networkInterfaces()).some((entries) => entries?.some((entry) => entry.address === address));
}

/** An IPv4 address as such, also where the connection came to an IPv6 socket. */
const plain = (address: string): string => address.replace(/^::ffff:(?=\d+\.)/i, "").replace(/%.*$/, "");
