import { createSocket } from "node:dgram";
import { once } from "node:events";
import { PassThrough } from "node:stream";
import { describe, expect } from "vitest";
import { attachTo } from "../../src/cli/connect.ts";
import { discovered, listServers, type Multicast } from "../../src/cli/discover.ts";
import type { Host } from "../../src/cli/env.ts";
import { announce, browseMdns, type MulticastPlace, resolveMdns } from "../../src/server/mdns.ts";
import { testServer } from "../helpers/server.ts";
import { verifies } from "./verifies.ts";

/** Multicast that stays on this machine, on a port of its own. */
async function loopback(): Promise<MulticastPlace> {
  const socket = createSocket("udp4");
  await once(socket.bind(0, "127.0.0.1"), "listening");
  const { port } = socket.address();
  socket.close();
  return { interface: "127.0.0.1", bind: "0.0.0.0", port };
}

/** What commands are given: their streams, and a network that holds nothing else. */
function commandHost(place: MulticastPlace) {
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  const multicast: Multicast = {
    resolve: (name) => resolveMdns(name, { place, patience: 300 }),
    browse: () => browseMdns({ place, patience: 80 }),
  };
  const host = { stdout, stderr, variables: {} } as unknown as Host;
  return { host, multicast, said: () => String(stderr.read() ?? ""), printed: () => String(stdout.read() ?? "") };
}

const onFault = (error: Error): never => {
  throw error;
};

describe("a server in the local network", () => {
  verifies(
    "serve: mDNS announcement",
    "is attached to by opencode://NAME.local, by its own name, or as the only one there is, until it says goodbye",
    async () => {
      const place = await loopback();
      await using server = await testServer({ listen: { basePath: "/code", hostname: "0.0.0.0", password: "peel" } });
      const { host, multicast, said, printed } = commandHost(place);
      const { port } = server.listening;
      const options = { domain: "marmalade.local", basePath: "/code", onFault, place };
      {
        await using _announced = await announce({ port, ...options });
        for (const address of [
          "opencode://:peel@marmalade.local",
          `opencode://:peel@opencode-${port}`,
          `opencode://:peel@marmalade.local:${port}`,
        ]) {
          const target = attachTo(await discovered(address, host, multicast), host);
          expect(target.credentials).toEqual({ username: "opencode", password: "peel" });
          expect(new URL(target.url)).toMatchObject({ port: String(port), pathname: "/code" });
          const listed = await fetch(`${target.url}/session`, { headers: { authorization: `Basic ${btoa("opencode:peel")}` } });
          expect(listed.status).toBe(200);
        }
        expect(said()).toMatch(new RegExp(`^marmalade\\.local: http://\\S+:${port}/code$`, "m"));
        expect(await discovered("opencode://", host, multicast)).toMatch(new RegExp(`:${port}/code$`));
        await listServers({ json: true }, host, multicast);
        expect(JSON.parse(printed())).toEqual([
          { name: `opencode-${port}`, host: "marmalade.local", url: expect.stringContaining("/code") },
        ]);
        await expect(discovered("opencode://jam.local", host, multicast)).rejects.toMatchObject({
          kind: "connect",
          message: expect.stringContaining(`opencode://opencode-${port}`),
        });
        await using _second = await announce({ port: 1, ...options });
        await expect(discovered("opencode://", host, multicast)).rejects.toMatchObject({
          kind: "usage",
          message: expect.stringMatching(/opencode-1 /),
        });
      }
      await expect(discovered("opencode://", host, multicast)).rejects.toMatchObject({
        kind: "connect",
        message: expect.stringMatching(/serve --mdns/),
      });
      expect(await discovered("http://127.0.0.1:4096", host, multicast)).toBe("http://127.0.0.1:4096");
    },
  );
});
