import { type ComponentProps, useId } from "react";

interface FieldProps extends ComponentProps<"input"> {
  label: string;
  hint?: string;
}

/** How every input looks. */
export const inputClasses =
  "min-h-8 w-full rounded-md border border-line bg-surface px-2.5 py-1 text-text focus-visible:outline-offset-0 touch:min-h-11 touch:text-[16px]";

/** A line of text with its label. */
export function Field({ label, hint, ...props }: FieldProps) {
  const id = useId();
  return (
    <div className="flex flex-col gap-1">
      <label htmlFor={id} className="font-medium">
        {label}
      </label>
      <input id={id} aria-describedby={hint === undefined ? undefined : `${id}-hint`} className={inputClasses} {...props} />
      {hint !== undefined && (
        <span id={`${id}-hint`} className="text-muted text-xs">
          {hint}
        </span>
      )}
    </div>
  );
}
