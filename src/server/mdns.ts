import type { EventEmitter } from "node:events";
import { isIPv4 } from "node:net";
import type { Bonjour, Service } from "bonjour-service";

/** Where multicast goes: for tests; the network's own unless told. */
export interface MulticastPlace {
  interface?: string;
  bind?: string;
  /** UDP; 5353 unless told. */
  port?: number;
}

export interface AnnounceOptions {
  /** Of the server. */
  port: number;
  /** The host's name in the network, `opencode.local`. */
  domain: string;
  basePath?: string;
  /** Whether the server speaks TLS. */
  secure?: boolean;
  /** Hears why the network does not take the announcement; the server goes on without. */
  onFault(error: Error): void;
  place?: MulticastPlace;
}

/**
 * Tells the local network that a server is here: `_http._tcp`, named `opencode-PORT`, with the path in its TXT record. Disposing says goodbye,
 * which must come before the server stops.
 */
export async function announce({ port, domain, basePath = "", secure = false, onFault, place }: AnnounceOptions): Promise<AsyncDisposable> {
  const bonjour = await open(place, onFault);
  const txt = { path: basePath === "" ? "/" : basePath, ...(secure && { tls: "1" }) };
  // Names are told apart by port and host; asking the network first whether a name is free would take a second and log to the console.
  const service = bonjour.publish({ name: `opencode-${port}`, type: "http", port, host: domain, txt, probe: false });
  return {
    [Symbol.asyncDispose]: () =>
      new Promise((resolve) => {
        const close = () => bonjour.destroy(() => resolve());
        // Where nothing was ever sent, nobody is there to say goodbye to.
        if (service.published) bonjour.unpublishAll(close);
        else close();
      }),
  };
}

export interface SearchOptions {
  /** How long to listen, in ms. */
  patience?: number;
  place?: MulticastPlace;
}

/** A server that announces itself. Anybody in the network may say so, under any name. */
export interface FoundServer {
  /** `opencode-4096` */
  name: string;
  /** `opencode.local` */
  host: string;
  url: string;
}

/**
 * The address of a server that announces itself, by its name (`opencode-4096`) or that of its host (`opencode.local`, with `:PORT` behind it when
 * several are there). Undefined when none is heard of within `patience` (3,000 ms unless told). Anybody in the network may answer to a name.
 */
export async function resolveMdns(name: string, { patience = 3_000, place }: SearchOptions = {}): Promise<string | undefined> {
  const service = (await search({ patience, place }, (heard) => isNamed(heard, name))).wanted;
  return service && addressOf(service);
}

/** Every server that is heard of within `patience` (1,500 ms unless told). */
export async function browseMdns({ patience = 1_500, place }: SearchOptions = {}): Promise<FoundServer[]> {
  const { found } = await search({ patience, place }, () => false);
  const servers = found.filter(({ name }) => /^opencode-\d+$/.test(name));
  return servers.map((service) => ({ name: service.name, host: service.host.replace(/\.$/, ""), url: addressOf(service) }));
}

interface Heard {
  found: Service[];
  wanted?: Service;
}

/** Listens until a service is the wanted one, or patience ends. */
async function search({ patience, place }: SearchOptions, isWanted: (service: Service) => boolean): Promise<Heard> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const heard: Heard = { found: [] };
  const bonjour = await open(place, () => resolve());
  const browser = bonjour.find({ type: "http" }, (service) => {
    heard.found.push(service);
    if (!isWanted(service)) return;
    heard.wanted ??= service;
    resolve();
  });
  const timer = setTimeout(resolve, patience);
  try {
    await promise;
    return heard;
  } finally {
    clearTimeout(timer);
    browser.stop();
    bonjour.destroy();
  }
}

/** Multicast is loaded only where it is wanted. */
async function open(place: MulticastPlace | undefined, onFault: (error: Error) => void): Promise<Bonjour> {
  const { Bonjour: Multicast } = await import("bonjour-service");
  // The package's types know the service's options, not those of the multicast below, which it hands on.
  const bonjour = new Multicast({ ...place } as ConstructorParameters<typeof Multicast>[0], onFault);
  const { mdns } = (bonjour as unknown as { server: { mdns: EventEmitter } }).server;
  mdns.on("error", onFault);
  return bonjour;
}

function isNamed({ name, host, port }: Service, wanted: string): boolean {
  const plain = (text: string) =>
    text
      .toLowerCase()
      .replace(/\.$/, "")
      .replace(/\.local$/, "");
  const [, short = "", wantedPort = ""] = /^(.*?)(?::(\d+))?$/.exec(wanted) ?? [];
  if (wantedPort !== "" && Number(wantedPort) !== port) return false;
  return plain(name) === plain(short) || plain(host) === plain(short);
}

/** Where it answered from is an address that reaches it; of the others it names, some may be of networks that are not ours. */
function addressOf({ addresses = [], referer, port, txt }: Service): string {
  const from = addresses.find((candidate) => candidate === referer?.address && isIPv4(candidate));
  const address = from ?? addresses.find((candidate) => isIPv4(candidate)) ?? referer?.address ?? "127.0.0.1";
  const { path = "/", tls }: { path?: string; tls?: string } = txt ?? {};
  return `${tls === "1" ? "https" : "http"}://${address}:${port}${path.replace(/\/+$/, "")}`;
}
