import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useApi } from "../../app/client.ts";
import { inputClasses } from "../../ui/field.tsx";
import { Group, Loaded, listClasses } from "./loaded.tsx";

/** Setting by setting, what holds and what decides it. */
export function Effective({ directory }: { directory: string | undefined }) {
  const query = useQuery(useApi(directory).config.explain.queryOptions());
  const [wanted, setWanted] = useState("");
  return (
    <Group
      title="What holds, and where it comes from"
      actions={
        <input
          type="search"
          aria-label="Find a setting"
          placeholder="Find a setting"
          className={`${inputClasses} sm:w-56`}
          value={wanted}
          onChange={(event) => setWanted(event.target.value)}
        />
      }
    >
      <Loaded query={query} what="The settings">
        {(settings) => (
          <>
            <ul className={listClasses}>
              {settings
                .filter(({ key, source }) => `${key} ${source}`.toLowerCase().includes(wanted.toLowerCase()))
                .map(({ key, value, secret, source, overruled }) => (
                  <li key={key} className="grid gap-x-4 px-3 py-1.5 text-xs md:grid-cols-2">
                    <div className="min-w-0 break-words">
                      <span className="font-medium font-mono">{key}</span>{" "}
                      <span className="font-mono">{secret ? "(secret)" : JSON.stringify(value)}</span>
                    </div>
                    <div className="min-w-0 break-all text-muted">
                      {source}
                      {overruled.length > 0 && ` · instead of ${overruled.join(", ")}`}
                    </div>
                  </li>
                ))}
            </ul>
            {settings.length === 0 && <p className="text-muted">Nothing is set: everything is as it comes.</p>}
          </>
        )}
      </Loaded>
    </Group>
  );
}
