import { useInfiniteQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { type FormEvent, useState } from "react";
import type { AuditReport } from "../../../../src/client/client.ts";
import { useCalls } from "../../app/client.ts";
import { Button } from "../../ui/button.tsx";
import { Empty } from "../../ui/empty.tsx";
import { Field } from "../../ui/field.tsx";
import { AuditRows } from "./audit-rows.tsx";
import { Group, Loaded } from "./loaded.tsx";
import { useChange } from "./use-change.ts";

const route = getRouteApi("/settings/{-$section}");
const page = 100;
const filters = [
  { name: "action", label: "Action", hint: "token.create, or token. for all" },
  { name: "actor", label: "Who", hint: "owner, local, token tok_…" },
  { name: "id", label: "About", hint: "an id" },
] as const;

/** Who did what, newest first, and whether the trail is whole. */
export function Audit() {
  const { action, actor, id } = route.useSearch();
  const navigate = route.useNavigate();
  const calls = useCalls();
  const list = useInfiniteQuery({
    queryKey: ["settings audit", action, actor, id],
    queryFn: ({ pageParam, signal }) =>
      calls.audit.list.query(
        { limit: page, before: pageParam, action: action || undefined, actor: actor || undefined, id: id || undefined },
        { signal },
      ),
    initialPageParam: undefined as number | undefined,
    getNextPageParam: (last) => (last.length < page ? undefined : last.at(-1)?.sequence),
  });
  function filter(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const given = new FormData(event.currentTarget);
    const wanted = Object.fromEntries(filters.map(({ name }) => [name, String(given.get(name)).trim() || undefined]));
    void navigate({ search: (before) => ({ ...before, ...wanted }) });
  }
  return (
    <Loaded query={list} what="The records">
      {({ pages }) => (
        <>
          <Verification />
          <Group title="Records">
            <form
              key={`${action} ${actor} ${id}`}
              onSubmit={filter}
              className="mb-3 grid items-start gap-2 sm:grid-cols-[1fr_1fr_1fr_auto]"
            >
              {filters.map(({ name, label, hint }) => (
                <Field
                  key={name}
                  label={label}
                  name={name}
                  hint={hint}
                  defaultValue={{ action, actor, id }[name]}
                  autoComplete="off"
                  spellCheck={false}
                />
              ))}
              <Button type="submit" className="sm:mt-[1.575rem]">
                Filter
              </Button>
            </form>
            {pages[0]?.length === 0 ? (
              <Empty title="There are no such records">Fewer filters find more.</Empty>
            ) : (
              <AuditRows records={pages.flat()} />
            )}
            {list.hasNextPage && (
              <Button className="mt-3" disabled={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
                {list.isFetchingNextPage ? "Loading…" : "Show older ones"}
              </Button>
            )}
          </Group>
        </>
      )}
    </Loaded>
  );
}

function Verification() {
  const calls = useCalls();
  const { isBusy, change } = useChange();
  const [report, setReport] = useState<AuditReport>();
  const verify = async () => setReport(await change(() => calls.audit.verify.query({})));
  return (
    <Group
      title="Is the trail whole?"
      actions={
        <Button disabled={isBusy} onClick={() => void verify()}>
          {isBusy ? "Checking…" : "Verify"}
        </Button>
      }
    >
      <div role="status">
        {report === undefined && <p className="text-muted">Each record holds the hash of what was before it: a change shows.</p>}
        {report?.intact === true && (
          <>
            <p className="text-ok">Yes: {report.entries} records, none was changed or removed.</p>
            {report.head !== undefined && <p className="break-all font-mono text-muted text-xs">{report.head}</p>}
          </>
        )}
        {report?.intact === false && (
          <ul className="text-danger">
            {report.faults.map(({ sequence, fault }) => (
              <li key={sequence}>
                Record {sequence}: {fault}
              </li>
            ))}
          </ul>
        )}
      </div>
    </Group>
  );
}
