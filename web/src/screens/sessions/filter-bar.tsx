import { useEffect, useRef, useState } from "react";
import { Choice } from "../../ui/choice.tsx";
import { inputClasses } from "../../ui/field.tsx";
import { Select } from "../../ui/select.tsx";
import type { Filters, Show } from "./filters.ts";

interface FilterBarProps {
  filters: Filters;
  projects: { value: string; title: string }[];
  tags: string[];
  onChange(change: { q?: string; project?: string; tag?: string; show?: string }): void;
}

/** Which sessions are listed. */
export function FilterBar({ filters, projects, tags, onChange }: FilterBarProps) {
  return (
    <search className="flex flex-wrap items-center gap-2 border-line border-b px-4 py-2">
      <SearchField value={filters.query} onChange={(q) => onChange({ q })} />
      <Choice<Show>
        label="Which sessions"
        value={filters.show}
        onChange={(show) => onChange({ show: show === "current" ? undefined : show })}
        options={[
          { value: "current", title: "Current" },
          { value: "active", title: "Active" },
          { value: "archived", title: "Archived" },
        ]}
      />
      <Select
        label="Project"
        isLabelHidden
        className="min-w-32 max-w-56 flex-1"
        value={filters.project}
        options={withChosen([{ value: "", title: "All projects" }, ...projects], filters.project)}
        onChoose={(project) => onChange({ project })}
      />
      {(tags.length > 0 || filters.tag !== "") && (
        <Select
          label="Tag"
          isLabelHidden
          className="min-w-28 max-w-48 flex-1"
          value={filters.tag}
          options={withChosen([{ value: "", title: "All tags" }, ...tags.map((tag) => ({ value: tag, title: `# ${tag}` }))], filters.tag)}
          onChoose={(tag) => onChange({ tag })}
        />
      )}
    </search>
  );
}

function withChosen(options: { value: string; title: string }[], chosen: string): { value: string; title: string }[] {
  return options.some(({ value }) => value === chosen) ? options : [...options, { value: chosen, title: chosen }];
}

/** Between the last key and the search, in ms. */
const pause = 200;

/** What is typed is looked for once the typing pauses. */
function SearchField({ value, onChange }: { value: string; onChange(value: string): void }) {
  const [text, setText] = useState(value);
  const told = useRef(value);
  useEffect(() => {
    // The address changed by itself: a link, or a step back.
    if (value !== told.current) setText(value);
    told.current = value;
  }, [value]);
  useEffect(() => {
    const wanted = text.trim();
    if (wanted === told.current) return;
    const timer = setTimeout(() => {
      told.current = wanted;
      onChange(wanted);
    }, pause);
    return () => clearTimeout(timer);
  });
  return (
    <input
      type="search"
      data-search
      aria-label="Search titles and texts"
      placeholder="Search titles and texts"
      value={text}
      onChange={(event) => setText(event.target.value)}
      className={`${inputClasses} min-w-44 max-w-96 flex-[2_1_11rem]`}
    />
  );
}
