import { useQuery } from "@tanstack/react-query";
import type { Agent } from "../../../../src/client/client.ts";
import { useApi } from "../../app/client.ts";
import { Badge } from "../../ui/badge.tsx";
import { Group, Loaded, listClasses } from "./loaded.tsx";

const modes = { primary: "answers people", subagent: "called by agents", all: "both" };

/** Who works, with which rights and instructions. */
export function Agents({ directory }: { directory: string | undefined }) {
  const list = useQuery(useApi(directory).agent.list.queryOptions());
  return (
    <Loaded query={list} what="The agents">
      {(agents) => (
        <Group title="Agents">
          <ul className={listClasses}>
            {agents.map((agent) => (
              <AgentItem key={agent.name} agent={agent} />
            ))}
          </ul>
          <p className="mt-2 text-muted">
            Others come from the configuration ("agent") or from a Markdown file in .opencode/agent, and change with it.
          </p>
        </Group>
      )}
    </Loaded>
  );
}

function AgentItem({ agent: { name, description, mode, model, native, hidden, steps, permission, prompt } }: { agent: Agent }) {
  return (
    <li className="px-3 py-2.5">
      <div className="flex flex-wrap items-center gap-2">
        <span className="font-medium">{name}</span>
        <Badge>{modes[mode]}</Badge>
        {native === true && <Badge>built in</Badge>}
        {hidden === true && <Badge>hidden</Badge>}
        {model !== undefined && (
          <Badge tone="accent">
            {model.providerID}/{model.modelID}
          </Badge>
        )}
        {steps !== undefined && <Badge>at most {steps} steps</Badge>}
      </div>
      {description !== undefined && <p className="text-muted">{description}</p>}
      {prompt !== undefined && prompt !== "" && (
        <details className="mt-1">
          <summary className="cursor-pointer text-muted text-xs touch:min-h-11">Instructions</summary>
          <pre tabIndex={0} className="mt-1 max-h-80 overflow-auto whitespace-pre-wrap rounded-lg bg-sunken p-2 font-mono text-xs">
            {prompt}
          </pre>
        </details>
      )}
      <details className="mt-1">
        <summary className="cursor-pointer text-muted text-xs touch:min-h-11">
          {permission.length} permission rules; the last that fits counts
        </summary>
        <ul className="mt-1 font-mono text-xs">
          {permission.map((rule) => (
            <li key={JSON.stringify(rule)} className="break-all">
              {rule.action} {rule.permission} {rule.pattern}
            </li>
          ))}
        </ul>
      </details>
    </li>
  );
}
