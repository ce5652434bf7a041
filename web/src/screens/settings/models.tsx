import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { Model } from "../../../../src/client/client.ts";
import { useApi, useCalls } from "../../app/client.ts";
import { money, tokens } from "../../ui/amount.tsx";
import { Badge } from "../../ui/badge.tsx";
import { Button } from "../../ui/button.tsx";
import { inputClasses } from "../../ui/field.tsx";
import { Group, Item, Loaded, listClasses } from "./loaded.tsx";
import { useMayChange } from "./rights.ts";
import { useChange } from "./use-change.ts";

const most = 100;

/** The models that can be called, and which one is called unless somebody names another. */
export function Models({ directory }: { directory: string | undefined }) {
  const api = useApi(directory);
  const calls = useCalls(directory);
  const list = useQuery(api.config.providers.queryOptions());
  const chosen = useQuery(api.config.get.queryOptions()).data?.model;
  const { isBusy, change } = useChange();
  const mayChange = useMayChange();
  const [wanted, setWanted] = useState("");
  const choose = (model: string) => void change(() => calls.config.model.mutate({ model }), `${model} is called from now on`);
  return (
    <Loaded query={list} what="The models">
      {({ providers }) => {
        const all = providers.flatMap(({ models }) => Object.values(models));
        const found = all.filter((model) => `${nameOf(model)} ${model.name}`.toLowerCase().includes(wanted.toLowerCase()));
        return (
          <Group
            title={chosen === undefined ? "No model is chosen: a provider's default is called" : `Chosen: ${chosen}`}
            actions={
              <input
                type="search"
                aria-label="Find a model"
                placeholder="Find a model"
                className={`${inputClasses} sm:w-56`}
                value={wanted}
                onChange={(event) => setWanted(event.target.value)}
              />
            }
          >
            <ul className={listClasses}>
              {found.slice(0, most).map((model) => (
                <Item
                  key={nameOf(model)}
                  actions={
                    mayChange &&
                    nameOf(model) !== chosen && (
                      <Button disabled={isBusy} aria-label={`Choose ${nameOf(model)}`} onClick={() => choose(nameOf(model))}>
                        Choose
                      </Button>
                    )
                  }
                >
                  <About model={model} isChosen={nameOf(model) === chosen} />
                </Item>
              ))}
            </ul>
            {found.length === 0 && (
              <p className="text-muted">There is none{all.length > 0 ? " of that name" : ": no provider has a key"}.</p>
            )}
            {found.length > most && <p className="mt-2 text-muted">{found.length - most} more: search by name.</p>}
          </Group>
        );
      }}
    </Loaded>
  );
}

const nameOf = ({ providerID, id }: Model): string => `${providerID}/${id}`;

function About({ model, isChosen }: { model: Model; isChosen: boolean }) {
  const { name, capabilities, cost, limit, status } = model;
  const abilities = [
    capabilities.reasoning && "reasoning",
    capabilities.toolcall && "tools",
    capabilities.input.image && "images",
    capabilities.input.pdf && "PDF",
  ].filter(Boolean);
  return (
    <>
      <div className="flex flex-wrap items-center gap-2">
        <span className="font-medium">{name}</span>
        <span className="break-all text-muted text-xs">{nameOf(model)}</span>
        {isChosen && <Badge tone="accent">chosen</Badge>}
        {status !== "active" && <Badge tone="warn">{status}</Badge>}
      </div>
      <div className="text-muted text-xs">
        {tokens(limit.context)} tokens · {money(cost.input)} in, {money(cost.output)} out per million
        {abilities.length > 0 && ` · ${abilities.join(", ")}`}
      </div>
    </>
  );
}
