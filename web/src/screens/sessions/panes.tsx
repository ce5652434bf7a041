import { useActions } from "../../app/actions.ts";
import { useSessions } from "../../live/hooks.ts";
import { Button } from "../../ui/button.tsx";
import { Select } from "../../ui/select.tsx";
import { sessionTitle } from "../../ui/session-title.ts";
import { Pane } from "./pane.tsx";

interface PanesProps {
  ids: string[];
  onChange(ids: string[]): void;
}

const mostOffered = 100;

/** Sessions beside each other, live, each with a line to go on and what it asks. */
export function Panes({ ids, onChange }: PanesProps) {
  const sessions = useSessions();
  const others = sessions.filter(({ id, time }) => !ids.includes(id) && time.archived === undefined).slice(0, mostOffered);
  const close = () => onChange([]);
  useActions(() => [{ id: "panes.close", title: "Back to the list of sessions", group: "Sessions", keys: "escape", run: close }]);
  return (
    <>
      <div className="flex flex-wrap items-center gap-2 border-line border-b px-4 py-2">
        <Button onClick={close}>Back to the list</Button>
        {others.length > 0 && (
          <Select
            label="Add a session"
            isLabelHidden
            className="max-w-80 flex-1"
            value=""
            options={[
              { value: "", title: "Add a session…" },
              ...others.map(({ id, title }) => ({ value: id, title: sessionTitle(title) })),
            ]}
            onChoose={(id) => id !== "" && onChange([...ids, id])}
          />
        )}
      </div>
      <div className="relative flex min-h-0 flex-1 snap-x snap-mandatory overflow-x-auto">
        {ids.map((id) => (
          <Pane key={id} sessionID={id} onClose={() => onChange(ids.filter((other) => other !== id))} />
        ))}
      </div>
    </>
  );
}
