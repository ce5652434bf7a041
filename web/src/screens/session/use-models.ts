import { useQuery } from "@tanstack/react-query";
import { useApi } from "../../app/client.ts";
import { useDraft } from "./drafts.ts";
import { useSessionInfo } from "./hooks.ts";
import { rarely } from "./use-completion.ts";

interface ModelName {
  providerID: string;
  modelID: string;
}

interface Models {
  /** By provider, for a choice. */
  groups: { title: string; options: { value: string; title: string }[] }[];
  /** The one that answers the next prompt. */
  current?: ModelName;
  /** Of the current one. */
  variants: string[];
  /** How many tokens a model takes; undefined for one that is not known. */
  limitOf(model: ModelName): number | undefined;
}

/** The models that can be asked here, and the one that will be. */
export function useModels(sessionID: string): Models {
  const session = useSessionInfo(sessionID);
  const draft = useDraft(sessionID);
  const options = useApi(session?.directory).config.providers.queryOptions(undefined, {
    staleTime: rarely,
    enabled: session !== undefined,
  });
  const { data } = useQuery(options);
  const providers = data?.providers ?? [];
  const modelOf = ({ providerID, modelID }: ModelName) => providers.find(({ id }) => id === providerID)?.models[modelID];
  const last = session?.model && { providerID: session.model.providerID, modelID: session.model.id };
  const [first] = Object.entries(data?.default ?? {}).map(([providerID, modelID]) => ({ providerID, modelID }));
  const current = draft.model ?? last ?? first;
  return {
    groups: providers
      .map(({ id: providerID, name, models }) => ({
        title: name,
        options: Object.values(models).map(({ id, name: title }) => ({ value: JSON.stringify([providerID, id]), title })),
      }))
      .filter(({ options: { length } }) => length > 0),
    current,
    variants: current === undefined ? [] : Object.keys(modelOf(current)?.variants ?? {}),
    limitOf: (model) => modelOf(model)?.limit.context,
  };
}
