import { BlockList, isIP } from "node:net";

/**
 * Addresses that lead to this machine, its networks, or nowhere in the public internet (IANA special-purpose registries): a page's
 * address comes from a model, which may have it from a page.
 */
const closed = new BlockList();
for (const [address, prefix] of [
  ["0.0.0.0", 8],
  ["10.0.0.0", 8],
  ["100.64.0.0", 10],
  ["127.0.0.0", 8],
  ["169.254.0.0", 16],
  ["172.16.0.0", 12],
  ["192.0.0.0", 24],
  ["192.0.2.0", 24],
  ["192.88.99.0", 24],
  ["192.168.0.0", 16],
  ["198.18.0.0", 15],
  ["198.51.100.0", 24],
  ["203.0.113.0", 24],
  ["224.0.0.0", 4],
  ["240.0.0.0", 4],
] as const)
  closed.addSubnet(address, prefix, "ipv4");
for (const [address, prefix] of [
  ["2001::", 23],
  ["2001:db8::", 32],
  ["2002::", 16],
  ["3fff::", 20],
] as const)
  closed.addSubnet(address, prefix, "ipv6");

/** Of the sixth version only what is handed out to the world. */
const global = new BlockList();
global.addSubnet("2000::", 3, "ipv6");

/** Translated addresses carry one of the fourth version in their last 32 bits. */
const translated = new BlockList();
translated.addSubnet("64:ff9b::", 96, "ipv6");
translated.addSubnet("::ffff:0:0", 96, "ipv6");

/** Whether an address (no name) is one of the public internet. */
export function isPublic(address: string): boolean {
  const [plain = ""] = address.split("%");
  if (isIP(plain) === 4) return !closed.check(plain, "ipv4");
  if (isIP(plain) !== 6) return false;
  if (translated.check(plain, "ipv6")) return isPublic(embedded(plain));
  return global.check(plain, "ipv6") && !closed.check(plain, "ipv6");
}

function embedded(address: string): string {
  if (address.includes(".")) return address.slice(address.lastIndexOf(":") + 1);
  // The URL parser writes an address in its one short form.
  const groups = new URL(`http://[${address}]`).hostname.slice(1, -1).split("::");
  const last = (groups.at(-1) ?? "").split(":").slice(-2);
  const [high = 0, low = 0] =
    last.length === 2 ? last.map((group) => Number.parseInt(group || "0", 16)) : [0, Number.parseInt(last[0] || "0", 16)];
  return [high >> 8, high & 255, low >> 8, low & 255].join(".");
}
