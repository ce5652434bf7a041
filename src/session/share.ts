import { createHash, randomBytes } from "node:crypto";
import { findSession } from "../../db/queries/session.ts";
import { eraseShare, findShared, saveShare } from "../../db/queries/share.ts";
import type { Config } from "../schema/config.ts";
import { AppError } from "../schema/error.ts";
import type { Session } from "../schema/session.ts";
import type { SharedSession } from "../schema/share.ts";
import { changeSession } from "./change.ts";
import { messagesBefore } from "./file-history.ts";
import { knownSession, ourSession } from "./known.ts";
import type { SessionOptions } from "./options.ts";
import { inOrder } from "./order.ts";
import type { SessionService } from "./session.ts";
import { followShare } from "./share-live.ts";

/** Sessions as others may read them. */
export interface ShareService {
  /** Gives the session a link to be read under, in `share.url`; again: the same. `address`: this server's own, without a slash at the end. Throws ForbiddenError where sharing is turned off. */
  share(id: string, address: string): Promise<Session>;
  /** Ends the link. */
  unshare(id: string): Promise<Session>;
  /** What the secret of a link opens. Throws NotFoundError for one that opens nothing (any more). */
  shared(secret: string): Promise<SharedSession>;
  /** As `shared`, at once and again after each change, until the signal aborts; throws NotFoundError, also in the midst of it. May end early: come again. */
  followShared(secret: string, signal: AbortSignal): Promise<AsyncGenerator<SharedSession, void>>;
  /** A session as a link would show it. */
  readable(id: string): Promise<SharedSession>;
}

type Shares = ShareService & {
  /** Shares a new session where the configuration says that each one is. `address`: see `share`; without one there is nothing to link to. */
  shareNew(session: Session, address: string | undefined): Promise<Session>;
};

/** Links under which this server itself shows a session, to read. The secret in the link is all that it takes; the store finds it by its hash. */
export function createShares(options: SessionOptions, { messages, status }: Pick<SessionService, "messages" | "status">): Shares {
  const { orm } = options.database;
  const settingOf = async (directory: string) => shareSetting((await options.workspace(directory)).config.config);

  async function share(id: string, address: string): Promise<Session> {
    const { directory } = await ourSession(options, id);
    if ((await settingOf(directory)) === "disabled") throw disabled(id);
    await changeSession(options, id, (current) => {
      const secret = secretOf(current) ?? randomBytes(32).toString("base64url");
      const url = `${address}/share/${secret}`;
      if (current.share?.url === url) return undefined;
      return updated(current, { share: { url } }, saveShare(orm, { sessionID: id, secretHash: hashOf(secret) }));
    });
    return knownSession(orm, id);
  }

  async function opened(secret: string): Promise<Session> {
    const id = await findShared(orm, hashOf(secret));
    const session = id === undefined ? undefined : await findSession(orm, id);
    if (session === undefined || !options.serves(session.directory) || (await settingOf(session.directory)) === "disabled") throw unknown();
    return session;
  }

  async function view(session: Session): Promise<SharedSession> {
    const [{ items }, running] = await Promise.all([messages(session.id), status(session.directory)]);
    return toShared(session, { messages: inOrder(items), working: session.id in running });
  }

  return {
    share,
    async unshare(id) {
      await ourSession(options, id);
      await changeSession(options, id, ({ share: link, ...rest }) => (link ? updated(rest, {}, [eraseShare(orm, id)]) : undefined));
      return knownSession(orm, id);
    },
    async shareNew(session, address) {
      if (address === undefined || session.parentID !== undefined) return session;
      return (await settingOf(session.directory)) === "auto" ? share(session.id, address) : session;
    },
    shared: async (secret) => view(await opened(secret)),
    async followShared(secret, signal) {
      const { id } = await opened(secret);
      return followShare(options, { sessionID: id, look: async () => view(await opened(secret)), signal });
    },
    readable: async (id) => view(await ourSession(options, id)),
  };
}

function shareSetting({ share, autoshare }: Config): "manual" | "auto" | "disabled" {
  return share ?? (autoshare ? "auto" : "manual");
}

function updated(current: Session, change: Pick<Session, "share">, writes: ReturnType<typeof saveShare>) {
  const info: Session = { ...current, ...change, time: { ...current.time, updated: Date.now() } };
  return { events: [{ type: "session.updated" as const, properties: { sessionID: info.id, info } }], append: { writes } };
}

/** What was undone is not shown. */
function toShared(
  { title, agent, model, version, time, summary, revert }: Session,
  { messages, working }: Pick<SharedSession, "messages" | "working">,
): SharedSession {
  const standing = (revert && messagesBefore(messages, revert)) ?? messages;
  return { session: { title, agent, model, version, time, summary }, working, messages: standing };
}

function secretOf({ share }: Session): string | undefined {
  return share?.url.split("/").at(-1);
}

function hashOf(secret: string): string {
  return createHash("sha256").update(secret).digest("hex");
}

function disabled(sessionID: string): AppError {
  const message = 'Sharing is turned off here: the configuration says share: "disabled". Set it to "manual" to share sessions.';
  return new AppError("ForbiddenError", message, { sessionID });
}

/** One answer, whatever the reason: a link tells nothing but what it opens. */
function unknown(): AppError {
  return new AppError("NotFoundError", "Nothing is shared under this link, or not any more.");
}
