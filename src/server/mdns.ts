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

/**
 * The address of a server that announces itself, by its name (`opencode-4096`) or that of its host (`opencode.local`). Undefined when none is
 * heard of within `patience` (3,000 ms unless told). Anybody in the network may answer to a name.
 */
export async function resolveMdns(
  name: string,
  { patience = 3_000, place }: { patience?: number; place?: MulticastPlace } = {},
): Promise<string | undefined> {
  const { promise, resolve } = Promise.withResolvers<string | undefined>();
  const bonjour = await open(place, () => resolve(undefined));
  const browser = bonjour.find({ type: "http" }, (service) => {
    if (isNamed(service, name)) resolve(addressOf(service));
  });
  const timer = setTimeout(() => resolve(undefined), patience);
  try {
    return await promise;
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

function isNamed({ name, host }: Service, wanted: string): boolean {
  const plain = (text: string) => text.toLowerCase().replace(/\.$/, "");
  const short = plain(wanted).replace(/\.local$/, "");
  return plain(name) === short || plain(host).replace(/\.local$/, "") === short;
}

function addressOf({ addresses = [], referer, port, txt }: Service): string {
  const address = addresses.find((candidate) => isIPv4(candidate)) ?? referer?.address ?? "127.0.0.1";
  const { path = "/", tls }: { path?: string; tls?: string } = txt ?? {};
  return `${tls === "1" ? "https" : "http"}://${address}:${port}${path.replace(/\/+$/, "")}`;
}
