import type { Agent } from "../schema/agent.ts";

/** The agents of one directory: built in (build, plan, …) and those the configuration adds or changes. */
export interface AgentService {
  /** The default one first, then the others by name, hidden ones last. */
  list(): Promise<Agent[]>;
  /** `undefined`, `"default"`: the default agent. Throws AppError AgentNotFoundError that lists the known ones. */
  get(name: string | undefined): Promise<Agent>;
}
