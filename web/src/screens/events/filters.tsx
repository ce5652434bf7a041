import { getRouteApi } from "@tanstack/react-router";
import { useId } from "react";
import { useLive, useSessions } from "../../live/hooks.ts";
import { inputClasses } from "../../ui/field.tsx";
import { Select } from "../../ui/select.tsx";

const route = getRouteApi("/events");
const types = ["session", "message", "message.part", "permission", "question", "todo", "file", "tui", "-message.part.delta"];

/** Which events are shown; it stands in the address. */
export function Filters() {
  const { type = "", session = "", q = "" } = route.useSearch();
  const navigate = route.useNavigate();
  const list = useId();
  const sessions = useSessions();
  const isKnown = useLive((state) => session === "" || session in state.sessions);
  const change = (search: { type?: string; session?: string; q?: string }) =>
    void navigate({ search: (before) => ({ ...before, ...search }), replace: true });
  const options = [
    { value: "", title: "Every session" },
    ...(isKnown ? [] : [{ value: session, title: session }]),
    ...sessions.slice(0, 200).map(({ id, title }) => ({ value: id, title })),
  ];
  return (
    <>
      <input
        aria-label="Types"
        placeholder="Types: session, -message.part.delta"
        title="Names or beginnings of types; a minus leaves them out"
        value={type}
        list={list}
        spellCheck={false}
        autoComplete="off"
        className={`${inputClasses} sm:max-w-72`}
        onChange={(event) => change({ type: event.target.value })}
      />
      <datalist id={list}>
        {types.map((name) => (
          <option key={name} value={name} />
        ))}
      </datalist>
      <input
        type="search"
        aria-label="In the payload"
        placeholder="In the payload"
        value={q}
        className={`${inputClasses} max-w-40`}
        onChange={(event) => change({ q: event.target.value })}
      />
      <Select
        label="Session"
        isLabelHidden
        className="max-w-56"
        value={session}
        options={options}
        onChoose={(id) => change({ session: id })}
      />
    </>
  );
}
