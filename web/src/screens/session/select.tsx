interface SelectProps {
  label: string;
  title?: string;
  value: string;
  onChange(value: string): void;
  groups: { title?: string; options: { value: string; title: string }[] }[];
}

/** A small choice that the browser shows in its own way, on a phone as a wheel. */
export function Select({ label, title, value, onChange, groups }: SelectProps) {
  return (
    <select
      aria-label={label}
      title={title ?? label}
      value={value}
      onChange={(event) => onChange(event.target.value)}
      className="min-h-8 min-w-16 max-w-40 truncate rounded-md [field-sizing:content] bg-transparent px-1.5 touch:px-0.5 text-muted text-sm hover:bg-hover hover:text-text touch:min-h-11"
    >
      {groups.map((group) => {
        const options = group.options.map((option) => (
          <option key={option.value} value={option.value} className="bg-raised text-text">
            {option.title}
          </option>
        ));
        return group.title === undefined ? (
          options
        ) : (
          <optgroup key={group.title} label={group.title} className="bg-raised text-text">
            {options}
          </optgroup>
        );
      })}
    </select>
  );
}
