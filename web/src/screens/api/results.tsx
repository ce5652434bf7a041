import type { CallState } from "../../app/call.ts";
import { Button } from "../../ui/button.tsx";
import { copy } from "../../ui/copy.ts";
import { JsonTree } from "../../ui/json-tree.tsx";
import { Spinner } from "../../ui/spinner.tsx";
import { duration } from "../../ui/time.tsx";

/** What came of a call; of a subscription the newest first. */
export function Results({ call, isStream }: { call: CallState; isStream: boolean }) {
  const { state, results, fault } = call;
  if (state === "idle") return null;
  return (
    <section aria-labelledby="results" className="flex flex-col gap-2">
      <div className="flex flex-wrap items-center gap-3">
        <h3 id="results" className="font-semibold">
          {isStream ? "What came" : "Result"}
        </h3>
        <p role="status" className="flex items-center gap-2 text-muted">
          {state === "running" && <Spinner label="Running" />}
          {wordsOf(call, isStream)}
        </p>
        {results.length > 0 && (
          <Button onClick={() => copy(JSON.stringify(isStream ? results.map(({ value }) => value) : results[0]?.value, null, 2))}>
            Copy JSON
          </Button>
        )}
      </div>
      {fault !== undefined && (
        <div role="alert" className="flex flex-col gap-2">
          <p className="text-danger">{fault.message}</p>
          {fault.data !== undefined && <JsonTree value={fault.data} label="About the fault" />}
        </div>
      )}
      {!isStream && results[0] !== undefined && <JsonTree value={results[0].value} label="Result" />}
      {isStream && (
        <ol className="flex flex-col gap-2">
          {results.map(({ number, position, value }) => (
            <li key={number}>
              <p className="text-muted text-xs">
                {number + 1}
                {position !== undefined && `, position ${position}`}
              </p>
              <JsonTree value={value} label={`Item ${number + 1}`} />
            </li>
          ))}
        </ol>
      )}
    </section>
  );
}

function wordsOf({ state, count, results, milliseconds = 0 }: CallState, isStream: boolean): string {
  const items = isStream
    ? `${count} ${count === 1 ? "item" : "items"}${count > results.length ? `, the newest ${results.length} shown` : ""}`
    : "";
  if (state === "running") return isStream ? `Subscribed: ${items}` : "Running";
  if (state === "stopped") return `Stopped after ${duration(milliseconds)}${isStream ? `: ${items}` : ""}`;
  if (state === "failed") return `Failed after ${duration(milliseconds)}`;
  return isStream ? `The server ended it: ${items}` : `Answered in ${duration(milliseconds)}`;
}
