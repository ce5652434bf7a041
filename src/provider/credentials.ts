import { openPrivateFile } from "../file-store/file-store.ts";
import { AppError } from "../schema/error.ts";
import { Auth } from "../schema/provider.ts";

/** Stored keys and logins, by provider. Values never go to a client or a log. */
export interface Credentials {
  get(providerID: string): Promise<Auth | undefined>;
  /** Throws BadRequest for a provider's name or a secret that could not be sent. `issuer`: where a login's tokens come from, the one place they may be renewed at. */
  set(providerID: string, auth: Auth, issuer?: string): Promise<void>;
  /** As `remove`; throws NotFoundError where there was none. */
  forget(providerID: string): Promise<void>;
  /** Whether there was one. */
  remove(providerID: string): Promise<boolean>;
  list(): Promise<Record<string, StoredAuth>>;
}

export type StoredAuth = Auth & { issuer?: string };

/**
 * Credentials in one JSON file, `{ [providerID]: Auth }` as OpenCode's auth.json, mode 0600. Each write replaces the file as a whole, so a
 * reader sees the old or the new one; entries this version does not understand are kept as they are. The file need not exist.
 * Methods throw AppError ConfigInvalidError when the file is not JSON; the message names the file, never its content.
 */
export function openCredentials(file: string): Credentials {
  const stored = openPrivateFile(file);
  const list = async () => understood(await stored.read());
  const remove = (providerID: string) =>
    stored.change((content) => {
      const { [providerID]: removed, ...others } = content;
      return removed === undefined || !Object.hasOwn(content, providerID) ? undefined : others;
    });
  return {
    list,
    remove,
    async forget(providerID) {
      if (!(await remove(providerID)))
        throw new AppError("NotFoundError", `No credentials of "${providerID}" are stored here.`, { providerID });
    },
    get: async (providerID) => (await list())[providerID],
    async set(providerID, auth, issuer) {
      const entry = { ...sendable(providerID, Auth.parse(auth)), ...(issuer !== undefined && { issuer }) };
      await stored.change((content) => ({ ...content, [providerID]: entry }));
    },
  };
}

function understood(stored: Record<string, unknown>): Record<string, StoredAuth> {
  const read = Object.entries(stored).map(([id, value]) => [id, readAuth(value)] as const);
  return Object.fromEntries(read.filter((pair): pair is readonly [string, StoredAuth] => pair[1] !== undefined));
}

function readAuth(value: unknown): StoredAuth | undefined {
  const auth = Auth.safeParse(value).data;
  const issuer = typeof value === "object" && value !== null && "issuer" in value ? value.issuer : undefined;
  return auth === undefined || typeof issuer !== "string" ? auth : { ...auth, issuer };
}

/** Headers carry printable ASCII only; a key with a line break in it was copied badly. */
const printable = /^[\x21-\x7e]+$/;

function sendable(providerID: string, auth: Auth): Auth {
  if (!/^[^\s\p{Cc}]{1,256}$/u.test(providerID) || providerID === "__proto__")
    throw new AppError("BadRequest", "providerID: must be the name of a provider, without spaces.", { field: "providerID" });
  const secrets = auth.type === "api" ? { key: auth.key } : auth.type === "oauth" ? { access: auth.access } : { token: auth.token };
  for (const [field, secret] of Object.entries(secrets)) {
    if (!printable.test(secret))
      throw new AppError("BadRequest", `${field}: must be printable characters without spaces and line breaks.`, { field });
  }
  return auth;
}
