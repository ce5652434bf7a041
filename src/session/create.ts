import { relative } from "node:path";
import type { Statement } from "../../db/client.ts";
import { AppError } from "../schema/error.ts";
import { createId } from "../schema/id.ts";
import type { Session } from "../schema/session.ts";
import { knownSession } from "./known.ts";
import type { SessionOptions } from "./options.ts";
import type { SessionCreate } from "./session.ts";
import { createSlug } from "./slug.ts";
import { defaultTitle } from "./title.ts";
import { boundary, scopeOf, type Workspace } from "./workspace.ts";

export interface NewSession {
  input: SessionCreate;
  /** Conditions of the commit. */
  guards?: Statement[];
  /** Further statements of the commit, for the session's id. */
  writes?: (sessionID: string) => Statement[];
}

/** Opens a session in the directory. Throws what opening the directory throws, NotFoundError for an unknown parent, AgentNotFoundError, ProviderModelNotFoundError, ConflictError when a guard fails. */
export async function createSession(options: SessionOptions, directory: string, { input, guards, writes }: NewSession): Promise<Session> {
  const workspace = await options.workspace(directory);
  if (input.parentID !== undefined) await knownSession(options.database.orm, input.parentID);
  const agent = input.agent === undefined ? undefined : (await workspace.agents.get(input.agent)).name;
  if (input.model !== undefined) await requireModel(workspace, input.model);
  const info = emptySession(workspace, { version: options.version, input: { ...input, ...(agent !== undefined && { agent }) } });
  const event = { type: "session.created" as const, properties: { sessionID: info.id, info } };
  await options.log.append([event], { scope: scopeOf(info), guards, writes: writes?.(info.id) });
  return info;
}

/** A model without a key is no reason to refuse: one may be given before the first prompt. */
async function requireModel({ providers }: Workspace, { id, providerID }: NonNullable<SessionCreate["model"]>): Promise<void> {
  await providers.model({ providerID, modelID: id }).catch((error) => {
    if (!(error instanceof AppError) || error.name !== "ProviderAuthError") throw error;
  });
}

/** One that nothing was said in yet. */
export function emptySession(workspace: Workspace, { version, input }: { version: string; input: SessionCreate }): Session {
  const now = Date.now();
  return {
    ...input,
    id: createId("session"),
    slug: createSlug(),
    projectID: workspace.project.id,
    directory: workspace.directory,
    path: relative(boundary(workspace), workspace.directory).replaceAll("\\", "/"),
    title: input.title ?? defaultTitle(input.parentID === undefined ? "New" : "Child", new Date(now)),
    version,
    cost: 0,
    tokens: { input: 0, output: 0, reasoning: 0, cache: { read: 0, write: 0 } },
    time: { created: now, updated: now },
  };
}
