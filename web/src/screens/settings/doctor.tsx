import { useQuery } from "@tanstack/react-query";
import { useApi } from "../../app/client.ts";
import { Badge } from "../../ui/badge.tsx";
import { Button } from "../../ui/button.tsx";
import { Group, Item, Loaded, listClasses } from "./loaded.tsx";

const words = {
  ok: { word: "good", tone: "ok" },
  warn: { word: "look at this", tone: "warn" },
  fail: { word: "broken", tone: "danger" },
} as const;

/** What the server finds when it looks at itself and at the directory. */
export function Doctor({ directory }: { directory: string | undefined }) {
  const query = useQuery(useApi(directory).doctor.check.queryOptions());
  return (
    <Group
      title="Findings"
      actions={
        <Button disabled={query.isFetching} onClick={() => void query.refetch()}>
          {query.isFetching ? "Looking…" : "Look again"}
        </Button>
      }
    >
      <Loaded query={query} what="The doctor's findings">
        {(findings) => (
          <ul className={listClasses}>
            {findings.map(({ check, status, message }) => (
              <Item key={`${check} ${message}`} actions={<Badge tone={words[status].tone}>{words[status].word}</Badge>}>
                <span className="font-medium">{check}</span>
                <div className="break-words text-muted">{message}</div>
              </Item>
            ))}
          </ul>
        )}
      </Loaded>
    </Group>
  );
}
