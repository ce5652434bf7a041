import { createSocket } from "node:dgram";
import { once } from "node:events";
import { expect, test } from "vitest";
import { announce, type MulticastPlace, resolveMdns } from "../src/server/mdns.ts";

/** Multicast that stays on this machine, on a port of its own. */
async function loopback(): Promise<MulticastPlace> {
  const socket = createSocket("udp4");
  socket.bind(0, "127.0.0.1");
  await once(socket, "listening");
  const { port } = socket.address();
  socket.close();
  return { interface: "127.0.0.1", bind: "0.0.0.0", port };
}

const fail = (error: Error): never => {
  throw error;
};

test("a server that announces itself is found by its name and by its host's, with its path, and not once it said goodbye", async () => {
  const place = await loopback();
  const announcement = await announce({ port: 4321, domain: "marmalade.local", basePath: "/code", onFault: fail, place });
  try {
    const address = expect.stringMatching(/^http:\/\/\d+\.\d+\.\d+\.\d+:4321\/code$/);
    expect(await resolveMdns("marmalade.local", { place })).toEqual(address);
    expect(await resolveMdns("opencode-4321.local", { place })).toEqual(address);
    expect(await resolveMdns("jam.local", { place, patience: 100 })).toBeUndefined();
  } finally {
    await announcement[Symbol.asyncDispose]();
  }
  expect(await resolveMdns("marmalade.local", { place, patience: 200 })).toBeUndefined();
});
