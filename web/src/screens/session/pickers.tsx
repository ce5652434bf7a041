import { useQuery } from "@tanstack/react-query";
import { useApi } from "../../app/client.ts";
import { changeDraft, useDraft } from "./drafts.ts";
import { useSessionInfo } from "./hooks.ts";
import { Select } from "./select.tsx";
import { rarely } from "./use-completion.ts";
import { useModels } from "./use-models.ts";

/** Who answers the next prompts: agent, model, and how much it thinks where the model leaves a choice. */
export function Pickers({ sessionID }: { sessionID: string }) {
  const session = useSessionInfo(sessionID);
  const draft = useDraft(sessionID);
  const agents = useQuery(
    useApi(session?.directory).agent.list.queryOptions(undefined, { staleTime: rarely, enabled: session !== undefined }),
  );
  const { groups, current, variants } = useModels(sessionID);
  const offered = (agents.data ?? []).filter(({ mode, hidden }) => mode !== "subagent" && !hidden);
  const agent = draft.agent ?? session?.agent ?? offered[0]?.name;
  return (
    <>
      {offered.length > 1 && (
        <Select
          label="Agent"
          value={agent ?? ""}
          onChange={(name) => changeDraft(sessionID, { agent: name })}
          groups={[{ options: offered.map(({ name }) => ({ value: name, title: name })) }]}
        />
      )}
      {groups.length > 0 && (
        <Select
          label="Model"
          value={current === undefined ? "" : JSON.stringify([current.providerID, current.modelID])}
          onChange={(value) => {
            const [providerID = "", modelID = ""] = JSON.parse(value) as string[];
            changeDraft(sessionID, { model: { providerID, modelID }, variant: undefined });
          }}
          groups={groups}
        />
      )}
      {variants.length > 0 && (
        <Select
          label="Variant"
          value={draft.variant ?? session?.model?.variant ?? ""}
          onChange={(variant) => changeDraft(sessionID, { variant: variant === "" ? undefined : variant })}
          groups={[{ options: [{ value: "", title: "default" }, ...variants.map((name) => ({ value: name, title: name }))] }]}
        />
      )}
    </>
  );
}
