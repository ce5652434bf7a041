import { isIPv4 } from "node:net";
import { networkInterfaces } from "node:os";

/** Where a server can be reached: as it is told to people, one line each. */
export interface Addresses {
  local: string;
  /** From other machines; none for a server on loopback. */
  network: string[];
}

const everywhere = new Set(["0.0.0.0", "[::]"]);

/** `url`: what the server listens on. `interfaces`: the addresses of this machine that others see. */
export function addressesOf(url: string, interfaces: string[] = outwardAddresses()): Addresses {
  const { hostname } = new URL(url);
  const at = (host: string): string => {
    const other = new URL(url);
    other.hostname = host;
    return other.href.replace(/\/$/, "");
  };
  if (everywhere.has(hostname)) return { local: at("localhost"), network: interfaces.map(at) };
  const isLocal = hostname === "localhost" || hostname === "[::1]" || hostname.startsWith("127.");
  return { local: at(hostname), network: isLocal ? [] : [at(hostname)] };
}

function outwardAddresses(): string[] {
  const all = Object.values(networkInterfaces()).flatMap((entries) => entries ?? []);
  return all.filter(({ internal, address }) => !internal && isIPv4(address)).map(({ address }) => address);
}

/** The web interface, for a browser on this machine. */
export const webAddress = (url: string): string => `${addressesOf(url).local}/web/`;

/** The lines that a started server says about where it is. */
export function addressLines(url: string, interfaces?: string[]): string[] {
  const { local, network } = addressesOf(url, interfaces);
  return [
    `local: ${local}`,
    ...network.map((address) => `network: ${address}`),
    `web: ${webAddress(url)}`,
    `docs: ${local}/doc`,
    `trpc: ${local}/trpc`,
    `websocket: ${local.replace(/^http/, "ws")}/ws`,
  ];
}

/** The address to show as a QR code: one that other machines reach, if there is one. */
export async function qrCode(url: string): Promise<string> {
  const { local, network } = addressesOf(url);
  const { renderUnicodeCompact } = await import("uqr");
  return renderUnicodeCompact(network[0] ?? local);
}
