import { randomUUID } from "node:crypto";
import { chmod, mkdir, open, readFile, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";
import type { OAuthDiscoveryState, StoredOAuthClientInformation, StoredOAuthTokens } from "@modelcontextprotocol/client";
import { AppError } from "../schema/error.ts";

/** What is known of one login: never told to a client, and never logged. */
export interface Login {
  tokens?: StoredOAuthTokens;
  /** This program as the authorization server knows it, when it registered by itself. */
  client?: StoredOAuthClientInformation;
  /** Of whom the first tokens came: a client that the user registered by hand is shown to nobody else from then on. */
  issuer?: string;
  /** Where that client lets its users be sent back to. */
  redirectUrl?: string;
  /** Of a login under way: what proves that the code was asked for here (PKCE), and whom it was asked of. */
  verifier?: string;
  discovery?: OAuthDiscoveryState;
}

export interface LoginStore {
  get(): Promise<Login>;
  /** Undefined values are removed. */
  update(change: Partial<Login>): Promise<void>;
  remove(): Promise<void>;
}

/** The logins of this installation. One is named by the server's name and its address, so that a token never goes to another address. */
export type Logins = (server: { name: string; url: string }) => LoginStore;

/**
 * Logins in one JSON file of mode 0600. Each write replaces the file as a whole. Methods throw AppError ConfigInvalidError when the file
 * is not JSON; the message names the file, never its content.
 */
export function openLogins(file: string): Logins {
  let last: Promise<unknown> = Promise.resolve();
  const change = (key: string, edit: (login: Login) => Login | undefined): Promise<void> => {
    const next = last.then(async () => {
      const stored = await readAll(file);
      const { [key]: before = {}, ...others } = stored;
      const login = edit(before);
      await replace(file, login === undefined ? others : { ...others, [key]: login });
    });
    last = next.catch(() => undefined);
    return next;
  };
  return ({ name, url }) => {
    const key = `${name} ${url}`;
    return {
      get: async () => (await readAll(file))[key] ?? {},
      update: (update) => change(key, (login) => ({ ...login, ...update })),
      remove: () => change(key, () => undefined),
    };
  };
}

async function readAll(file: string): Promise<Record<string, Login>> {
  const text = await readFile(file, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return "{}";
    throw error;
  });
  try {
    return JSON.parse(text);
  } catch {
    // The cause would quote the file, and the file holds tokens.
    throw new AppError("ConfigInvalidError", `${file} is not valid JSON. Repair or delete it.`, { path: file });
  }
}

async function replace(file: string, content: Record<string, Login>): Promise<void> {
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  const draft = `${file}.${randomUUID()}.tmp`;
  try {
    await using handle = await open(draft, "wx", 0o600);
    await handle.writeFile(`${JSON.stringify(content, null, 2)}\n`);
    await handle.sync();
    await handle.close();
    await chmod(draft, 0o600);
    await rename(draft, file);
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
}
