import { describe, expect, test } from "vitest";
import { addressesOf, addressLines, qrCode } from "../src/cli/addresses.ts";

describe("where a server can be reached", () => {
  test("one on loopback has its own address alone", () => {
    expect(addressLines("http://127.0.0.1:4096/code", ["10.0.0.7"])).toEqual([
      "local: http://127.0.0.1:4096/code",
      "web: http://127.0.0.1:4096/code/web/",
      "docs: http://127.0.0.1:4096/code/doc",
      "trpc: http://127.0.0.1:4096/code/trpc",
      "websocket: ws://127.0.0.1:4096/code/ws",
    ]);
  });

  test("one that listens everywhere has those of the machine's interfaces too", () => {
    expect(addressesOf("https://0.0.0.0:4096", ["10.0.0.7", "192.168.1.2"])).toEqual({
      local: "https://localhost:4096",
      network: ["https://10.0.0.7:4096", "https://192.168.1.2:4096"],
    });
    expect(addressesOf("http://[::]:1", [])).toEqual({ local: "http://localhost:1", network: [] });
  });

  test("one bound to an address of the network is there", () => {
    expect(addressesOf("http://10.0.0.7:4096")).toEqual({ local: "http://10.0.0.7:4096", network: ["http://10.0.0.7:4096"] });
  });

  test("an address can be shown as a QR code", async () => {
    expect(await qrCode("http://10.0.0.7:4096")).toMatch(/^[ ▀▄█\n]{200,}$/);
  });
});
