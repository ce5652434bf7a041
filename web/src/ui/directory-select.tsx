import { useMemo } from "react";
import { useSessions } from "../live/hooks.ts";
import { Select } from "./select.tsx";

interface DirectorySelectProps {
  value: string | undefined;
  onChoose(directory: string | undefined): void;
}

/** Which directory calls are about: the server's own, or one that a session works in. */
export function DirectorySelect({ value, onChoose }: DirectorySelectProps) {
  const sessions = useSessions();
  const known = useMemo(() => [...new Set(sessions.map(({ directory }) => directory))].sort(), [sessions]);
  const all = value === undefined || value === "" || known.includes(value) ? known : [value, ...known];
  const options = [{ value: "", title: "The server's own" }, ...all.map((directory) => ({ value: directory, title: directory }))];
  return (
    <Select
      label="Directory"
      className="max-w-72"
      value={value ?? ""}
      options={options}
      onChoose={(chosen) => onChoose(chosen === "" ? undefined : chosen)}
    />
  );
}
