import { resolve } from "node:path";
import { TRPCClientError } from "@trpc/client";
import type { Cassette, CassetteChoice } from "../provider/provider.ts";
import { type Client, createClient } from "./client.ts";
import { type Credentials, credentialsOf, type Host } from "./env.ts";
import { Failure, toFailure } from "./failure.ts";
import type { LogFlags } from "./start.ts";

/** Where a command works: on a running server, or on the local store by a server of its own. */
export interface PlaceFlags extends LogFlags {
  attach?: string;
  dir?: string;
  db?: string;
}

/** A server to talk to. Disposing it ends one that was started for the command. */
export interface Target extends AsyncDisposable {
  url: string;
  credentials?: Credentials;
  directory?: string;
  cassette?: Cassette;
}

export interface TargetOptions {
  /** What models say is recorded, or comes from a recording. */
  cassette?: CassetteChoice;
  /** Whether an own server takes care of what dead servers left: for commands that run turns. */
  recover?: boolean;
}

export async function target(flags: PlaceFlags, host: Host, { cassette, recover = false }: TargetOptions = {}): Promise<Target> {
  checkPlace(flags);
  if (flags.attach !== undefined) {
    return {
      ...attachTo(await discoveredAt(flags.attach, host), host),
      directory: flags.dir,
      [Symbol.asyncDispose]: async () => undefined,
    };
  }
  const directory = resolve(host.directory, flags.dir ?? ".");
  const { startOwnServer } = await import("./start.ts");
  const server = await startOwnServer({ directory, roots: [], database: flags.db ?? host.database, cassette, log: flags, recover }, host);
  return { ...server, directory };
}

/** Multicast is loaded only for an address that asks for it. */
export async function discoveredAt(address: string, host: Host): Promise<string> {
  if (!address.startsWith("opencode://")) return address;
  return (await import("./discover.ts")).discovered(address, host);
}

/** Throws Failure "usage" for flags that exclude each other. */
export function checkPlace({ attach, db }: PlaceFlags): void {
  if (attach !== undefined && db !== undefined) {
    throw new Failure("usage", "--db belongs to the server; it has no place beside --attach.");
  }
}

/** A client of the flags' server, which has answered. Throws Failure "connect" where none does, "auth" where it wants a password. */
export async function connect(flags: PlaceFlags, host: Host): Promise<Client> {
  const server = await target(flags, host);
  const client = createClient(server);
  const close = async () => {
    await client[Symbol.asyncDispose]();
    await server[Symbol.asyncDispose]();
  };
  try {
    await reach(client.api, server.url);
  } catch (error) {
    await close();
    throw error;
  }
  return { ...client, [Symbol.asyncDispose]: close };
}

/** The URL's own user and password win over the environment's. `flag` is what the address was given by. */
export function attachTo(address: string, { variables }: Pick<Host, "variables">, flag = "--attach"): Pick<Target, "url" | "credentials"> {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (url === undefined || (url.protocol !== "http:" && url.protocol !== "https:")) {
    throw new Failure(
      "usage",
      `${flag} needs the address of a server, like http://127.0.0.1:4096 or opencode://NAME.local, not "${address}".`,
    );
  }
  const [username, password] = [decodeURIComponent(url.username), decodeURIComponent(url.password)];
  const credentials = password === "" ? credentialsOf(variables) : { username: username || "opencode", password };
  return { url: `${url.origin}${url.pathname.replace(/\/+$/, "")}`, credentials };
}

/** How long a server may take to say that it is there, in ms: one that is busy answers within a second. */
const patience = 20_000;

/** The first call, where a wrong address, another program's server and a missing password show. */
export async function reach({ global }: HealthApi, url: string): Promise<void> {
  const signal = AbortSignal.timeout(patience);
  try {
    await global.health.query(undefined, { signal });
  } catch (error) {
    if (signal.aborted) {
      throw new Failure("connect", `What listens at ${url} did not answer within ${patience / 1000} s: check the address.`, {
        cause: error,
      });
    }
    const doubt = doubtOf(error);
    if (doubt !== undefined) {
      const hint = "NODE_EXTRA_CA_CERTS may name a file with further ones to trust";
      throw new Failure("connect", `The certificate of ${url} is not trusted (${doubt}). ${hint}.`, { cause: error });
    }
    const { kind, message } = toFailure(error);
    if (kind === "auth") {
      throw new Failure(kind, `${url} asks for a password: set OPENCODE_SERVER_PASSWORD (and OPENCODE_SERVER_USERNAME).`, { cause: error });
    }
    if (kind === "permission") throw new Failure(kind, message, { cause: error });
    if (wasAnswered(error)) {
      throw new Failure("connect", `What answers at ${url} is no Codeport server: check the address. (${message})`, { cause: error });
    }
    throw new Failure("connect", `No server answers at ${url}: start one with codeport serve, or check the address. (${message})`, {
      cause: error,
    });
  }
}

/** What is wrong with the server's certificate, in the first of Node's words. */
function doubtOf(error: unknown): string | undefined {
  for (let at = error; at instanceof Error; at = at.cause) {
    if ("code" in at && typeof at.code === "string" && /CERT|^UNABLE_TO_/.test(at.code)) return at.message.split(/[;:]/)[0];
  }
  return undefined;
}

/** As both the commands' client and the published one have it. */
interface HealthApi {
  global: { health: { query(input: undefined, options: { signal: AbortSignal }): Promise<unknown> } };
}

/** By something that is not ours: text that is no JSON, or JSON that is no answer of a procedure. */
function wasAnswered(error: unknown): boolean {
  return error instanceof TRPCClientError && (error.cause instanceof SyntaxError || error.meta?.response !== undefined);
}
