import type { Session } from "../schema/session.ts";
import type { Api } from "./client.ts";
import type { RunFlags } from "./flags.ts";

/** The session to go on with, a copy of it with `--fork`, or a new one. Throws the server's NotFoundError for an unknown id. */
export async function chooseSession(api: Api, flags: RunFlags): Promise<Session> {
  const found = await existing(api, flags);
  if (found === undefined) return api.session.create.mutate({ title: flags.title });
  return flags.fork ? api.session.fork.mutate({ sessionID: found.id }) : found;
}

async function existing(api: Api, flags: RunFlags): Promise<Session | undefined> {
  if (flags.session !== undefined) return api.session.get.query({ sessionID: flags.session });
  if (!flags.continue) return undefined;
  const [newest] = await api.session.list.query({ roots: true, limit: 1 });
  return newest;
}
