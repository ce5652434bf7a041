import { evaluate } from "../permission/permission.ts";
import type { Agent } from "../schema/agent.ts";
import type { Session } from "../schema/session.ts";
import type { Skill } from "../schema/skill.ts";
import type { Workspace } from "./workspace.ts";

/** The skills that the agent may load in the session: those that a rule denies are not named to it. */
export async function offeredSkills(
  workspace: Pick<Workspace, "skills">,
  { agent, session }: { agent: Agent; session: Pick<Session, "permission"> },
): Promise<Skill[]> {
  const rules = [...agent.permission, ...(session.permission ?? [])];
  return (await workspace.skills.list()).filter(({ name }) => evaluate(rules, "skill", name) !== "deny");
}
