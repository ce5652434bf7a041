import { readdir, readFile, readlink } from "node:fs/promises";

export interface Endpoint {
  /** IPv4, or IPv6 without zone. */
  address: string;
  port: number;
}

export interface OpenSocket {
  inode: string;
  /** The user whose process made it. */
  uid: number;
}

/** The socket whose own end is `local` (Linux); undefined when there is none, or nobody has it open any more. */
export async function findSocket(local: Endpoint, remote: Endpoint): Promise<OpenSocket | undefined> {
  const wanted = [toHex(local), toHex(remote)];
  for (const table of ["/proc/net/tcp", "/proc/net/tcp6"]) {
    for (const line of (await readTable(table)).split("\n")) {
      const [, own = "", other = "", , , , , uid, , inode = "0"] = line.trim().split(/\s+/);
      if (inode !== "0" && normal(own) === wanted[0] && normal(other) === wanted[1]) return { inode, uid: Number(uid) };
    }
  }
  return undefined;
}

/** A kernel without IPv6 has no such table. */
async function readTable(path: string): Promise<string> {
  try {
    return await readFile(path, "latin1");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return "";
    throw error;
  }
}

/** The processes that have the socket open, of those this user may look into. */
export async function holdersOf(inode: string): Promise<number[]> {
  const holders: number[] = [];
  for (const name of await readdir("/proc")) if (/^\d+$/.test(name) && (await holds(name, inode))) holders.push(Number(name));
  return holders;
}

async function holds(pid: string, inode: string): Promise<boolean> {
  // A process that ends meanwhile, or that belongs to somebody else.
  const descriptors = await readdir(`/proc/${pid}/fd`).catch(() => []);
  const links = await Promise.all(descriptors.map((descriptor) => readlink(`/proc/${pid}/fd/${descriptor}`).catch(() => "")));
  return links.includes(`socket:[${inode}]`);
}

/** As the table has it: the address's bytes in words of the machine's order (little-endian), and the port. */
function toHex({ address, port }: Endpoint): string {
  const bytes = address.includes(":") ? ipv6Bytes(address) : address.split(".").map(Number);
  return `${words(bytes)}:${hex(port, 4)}`;
}

function words(bytes: number[]): string {
  const groups = Array.from({ length: bytes.length / 4 }, (_, index) => bytes.slice(index * 4, index * 4 + 4));
  return groups
    .map((group) =>
      group
        .toReversed()
        .map((byte) => hex(byte, 2))
        .join(""),
    )
    .join("");
}

/** An IPv4 address in the IPv6 table as such. */
function normal(entry: string): string {
  return entry.replace(/^0{16}FFFF0000/, "");
}

function ipv6Bytes(address: string): number[] {
  const [before = "", after] = address.split("::");
  const head = groupsOf(before);
  const tail = groupsOf(after ?? "");
  const zeros = after === undefined ? [] : Array.from({ length: 8 - head.length - tail.length }, () => 0);
  return [...head, ...zeros, ...tail].flatMap((group) => [group >> 8, group & 255]);
}

const groupsOf = (text: string): number[] => (text === "" ? [] : text.split(":").map((group) => Number.parseInt(group, 16)));

const hex = (value: number, width: number): string => value.toString(16).toUpperCase().padStart(width, "0");
