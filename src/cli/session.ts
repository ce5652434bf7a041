import type { Session } from "../schema/session.ts";
import type { Api } from "./client.ts";
import type { RunFlags } from "./flags.ts";

/** The session to go on with, or a new one. Throws the server's NotFoundError for an unknown id. */
export async function chooseSession(api: Api, flags: RunFlags): Promise<Session> {
  if (flags.session !== undefined) return api.session.get.query({ sessionID: flags.session });
  if (flags.continue) {
    const [newest] = await api.session.list.query({ roots: true, limit: 1 });
    if (newest) return newest;
  }
  return api.session.create.mutate({ title: flags.title });
}
