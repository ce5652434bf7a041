import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useApi, useCalls } from "../../app/client.ts";
import { Choice } from "../../ui/choice.tsx";
import { ConfigEditor } from "./config-editor.tsx";
import { Effective } from "./effective.tsx";
import { Group, Loaded } from "./loaded.tsx";

const route = getRouteApi("/settings/{-$section}");

/** The configuration to change, of the user or of a directory, and what holds with where it comes from. */
export function Configuration({ directory }: { directory: string | undefined }) {
  const { of } = route.useSearch();
  const navigate = route.useNavigate();
  const file = of === "directory" ? "directory" : "user";
  const api = useApi(directory);
  const calls = useCalls(directory);
  const schema = useQuery({ ...api.config.schema.queryOptions(), staleTime: Number.POSITIVE_INFINITY });
  const user = useQuery(api.global.config.queryOptions());
  const here = useQuery(api.config.get.queryOptions());
  const current = file === "user" ? user : here;
  return (
    <>
      <Group
        title="Change"
        actions={
          <Choice
            label="Whose configuration"
            value={file}
            options={[
              { value: "user", title: "Yours, everywhere" },
              { value: "directory", title: "This directory's" },
            ]}
            onChange={(chosen) => void navigate({ search: (before) => ({ ...before, of: chosen }), replace: true })}
          />
        }
      >
        <Loaded query={schema} what="The schema">
          {(rules) => (
            <Loaded query={current} what="The configuration">
              {(config) => (
                <ConfigEditor
                  key={file}
                  config={config}
                  schema={rules}
                  about={
                    file === "user"
                      ? "What your own file says. It holds in every directory that says nothing else."
                      : "What holds here. What you change is written to the directory's own opencode.json."
                  }
                  save={(patch) =>
                    file === "user" ? calls.global.updateConfig.mutate({ config: patch }) : calls.config.update.mutate({ config: patch })
                  }
                />
              )}
            </Loaded>
          )}
        </Loaded>
      </Group>
      <Effective directory={directory} />
    </>
  );
}
