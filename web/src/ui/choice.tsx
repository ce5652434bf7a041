import { classes } from "./classes.ts";

interface ChoiceProps<Value extends string> {
  label: string;
  value: Value;
  onChange(value: Value): void;
  options: { value: Value; title: string }[];
}

/** A few ways of which one holds. */
export function Choice<Value extends string>({ label, value, onChange, options }: ChoiceProps<Value>) {
  return (
    <fieldset aria-label={label} className="inline-flex w-fit overflow-hidden rounded-md border border-line">
      {options.map((option) => (
        <button
          key={option.value}
          type="button"
          aria-pressed={option.value === value}
          onClick={() => onChange(option.value)}
          className={classes(
            "min-h-8 px-2.5 not-first:border-line not-first:border-l hover:bg-hover touch:min-h-11",
            option.value === value && "bg-hover font-medium",
          )}
        >
          {option.title}
        </button>
      ))}
    </fieldset>
  );
}
