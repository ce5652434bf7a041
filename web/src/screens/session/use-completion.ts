import { useQuery } from "@tanstack/react-query";
import { useDeferredValue } from "react";
import { useApi } from "../../app/client.ts";
import { matching, type Trigger } from "./completion.ts";

export interface Candidate {
  type: "command" | "agent" | "file";
  name: string;
  about?: string;
}

const most = 12;
/** Commands, agents and models change rarely, in ms. */
export const rarely = 60_000;

/** What the page does itself. */
export const builtIn = [
  { name: "compact", about: "Sum the conversation up, to make room" },
  { name: "undo", about: "Take back the last prompt, with its changes of files" },
  { name: "redo", about: "Have again what was taken back" },
  { name: "fork", about: "Go on in a copy of this session" },
  { name: "share", about: "Make a link that everybody can read by" },
  { name: "unshare", about: "Have the link lead nowhere" },
];

/** What fits what is being typed; empty where nothing is to be completed. */
export function useCandidates(trigger: Trigger | undefined, directory: string | undefined): Candidate[] {
  const api = useApi(directory);
  const isMention = trigger?.kind === "mention";
  const query = useDeferredValue(trigger?.query ?? "");
  const commands = useQuery(api.command.list.queryOptions(undefined, { enabled: trigger?.kind === "command", staleTime: rarely }));
  const agents = useQuery(api.agent.list.queryOptions(undefined, { enabled: isMention, staleTime: rarely }));
  const files = useQuery(
    api.find.files.queryOptions({ query, limit: most }, { enabled: isMention, staleTime: 5_000, placeholderData: (before) => before }),
  );
  if (trigger === undefined) return [];
  if (!isMention) {
    const offered = [...(commands.data ?? []).map(({ name, description }) => ({ name, about: description })), ...builtIn];
    return matching(offered, trigger.query)
      .slice(0, most)
      .map((command) => ({ type: "command", ...command }));
  }
  const subagents = (agents.data ?? []).filter(({ mode, hidden }) => mode !== "primary" && !hidden);
  return [
    ...matching(subagents, trigger.query).map(({ name, description }) => ({ type: "agent" as const, name, about: description })),
    ...(files.data ?? []).map((name) => ({ type: "file" as const, name })),
  ].slice(0, most);
}
