import { useQuery } from "@tanstack/react-query";
import { useApi } from "../../app/client.ts";
import { Badge } from "../../ui/badge.tsx";
import { Empty } from "../../ui/empty.tsx";
import { Group, Item, Loaded, listClasses } from "./loaded.tsx";

/** Language servers that run, and what formats files after an edit. */
export function Languages({ directory }: { directory: string | undefined }) {
  const api = useApi(directory);
  const servers = useQuery({ ...api.lsp.status.queryOptions(), refetchInterval: 5_000 });
  const formatters = useQuery(api.formatter.status.queryOptions());
  return (
    <>
      <Group title="Language servers">
        <Loaded query={servers} what="The language servers">
          {(running) =>
            running.length === 0 ? (
              <Empty title="None runs">They start with the first file of their language that an agent opens.</Empty>
            ) : (
              <ul className={listClasses}>
                {running.map(({ id, name, root, status }) => (
                  <Item key={`${id} ${root}`} actions={<Badge tone={status === "connected" ? "ok" : "danger"}>{status}</Badge>}>
                    <span className="font-medium">{name}</span>
                    <div className="break-all text-muted text-xs">{root}</div>
                  </Item>
                ))}
              </ul>
            )
          }
        </Loaded>
      </Group>
      <Group title="Formatters">
        <Loaded query={formatters} what="The formatters">
          {(known) => (
            <ul className={listClasses}>
              {known
                .toSorted((one, other) => Number(other.enabled) - Number(one.enabled))
                .map(({ name, extensions, enabled }) => (
                  <Item key={name} actions={<Badge tone={enabled ? "ok" : "plain"}>{enabled ? "formats" : "not used here"}</Badge>}>
                    <span className="font-medium">{name}</span>
                    <div className="text-muted text-xs">{extensions.join(" ")}</div>
                  </Item>
                ))}
            </ul>
          )}
        </Loaded>
      </Group>
    </>
  );
}
