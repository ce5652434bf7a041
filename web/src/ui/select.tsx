import { type ComponentProps, useId } from "react";
import { inputClasses } from "./field.tsx";

interface SelectProps extends Omit<ComponentProps<"select">, "onChange"> {
  label: string;
  /** The label is read out, but not shown. */
  isLabelHidden?: boolean;
  options: { value: string; title: string }[];
  onChoose(value: string): void;
}

/** One of several, by the browser's own list: it suits a thumb as well as keys. */
export function Select({ label, isLabelHidden = false, options, onChoose, className = "", ...props }: SelectProps) {
  const id = useId();
  return (
    <span className={`inline-flex min-w-0 items-center gap-2 ${className}`}>
      <label htmlFor={id} className={isLabelHidden ? "sr-only" : "whitespace-nowrap text-muted"}>
        {label}
      </label>
      <select id={id} className={`${inputClasses} min-w-0 flex-1`} onChange={(event) => onChoose(event.target.value)} {...props}>
        {options.map(({ value, title }) => (
          <option key={value} value={value}>
            {title}
          </option>
        ))}
      </select>
    </span>
  );
}
