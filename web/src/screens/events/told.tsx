import { literal } from "../../ui/literal.ts";
import { useRecording } from "./recording.ts";

const shown = 20;

/** What terminal clients were told since the page is open, by whomever. */
export function Told() {
  const { entries } = useRecording();
  const told = entries.filter(({ event }) => event.type.startsWith("tui.")).slice(-shown);
  return (
    <section aria-labelledby="control-told">
      <h2 id="control-told" className="mb-2 font-semibold">
        What was told
      </h2>
      {told.length === 0 ? (
        <p className="text-muted">Nothing yet. Whatever programs or this page tell shows here.</p>
      ) : (
        <ol className="flex flex-col gap-1 font-mono text-xs">
          {told.toReversed().map(({ number, event }) => (
            <li key={number} className="break-words">
              {event.type} <span className="text-muted">{literal(event.properties)}</span>
            </li>
          ))}
        </ol>
      )}
    </section>
  );
}
