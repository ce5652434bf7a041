import { type ComponentProps, useId } from "react";
import type { QuestionRequest } from "../../../../src/client/client.ts";
import { inputClasses } from "../field.tsx";
import { namesOf, type QuestionDraft, withOption, withOwn } from "./question-draft.ts";

interface QuestionFieldProps {
  question: QuestionRequest["questions"][number];
  draft: QuestionDraft;
  onChange(draft: QuestionDraft): void;
}

/** One question: its options, of which one or several may be chosen, and room for another answer. */
export function QuestionField({ question, draft, onChange }: QuestionFieldProps) {
  const name = useId();
  const { header, options, multiple = false, custom = true } = question;
  const type = multiple ? "checkbox" : "radio";
  const names = namesOf(options.map(({ label }) => label));
  const isOwn = draft.own !== undefined;
  return (
    <fieldset className="flex flex-col gap-1">
      <legend className="mb-1">
        {header !== "" && <span className="block text-muted text-xs">{header}</span>}
        <span className="font-medium">{question.question}</span>
        {multiple && <span className="text-muted"> (several may be chosen)</span>}
      </legend>
      {options.map(({ label, description }, at) => (
        <Choice
          key={names[at]}
          type={type}
          name={name}
          checked={draft.chosen.includes(label)}
          onChange={() => onChange(withOption(draft, question, label))}
        >
          {label}
          {description !== "" && <span className="block text-muted text-xs">{description}</span>}
        </Choice>
      ))}
      {custom && options.length > 0 && (
        <Choice
          type={type}
          name={name}
          checked={isOwn}
          onChange={(event) => onChange(withOwn(draft, question, event.target.checked ? "" : undefined))}
        >
          Another answer
        </Choice>
      )}
      {custom && (isOwn || options.length === 0) && (
        <input
          aria-label={`Your answer to: ${question.question}`}
          ref={(input) => (options.length > 0 && draft.own === "" ? input?.focus() : undefined)}
          className={inputClasses}
          value={draft.own ?? ""}
          onChange={(event) => onChange(withOwn(draft, question, event.target.value))}
        />
      )}
    </fieldset>
  );
}

function Choice({ children, ...props }: ComponentProps<"input">) {
  const id = useId();
  return (
    <label
      htmlFor={id}
      className="flex min-h-8 cursor-pointer items-start gap-2 rounded-md px-2 py-1 hover:bg-hover touch:min-h-11 touch:py-2.5"
    >
      <input id={id} className="mt-0.5 size-4 shrink-0 accent-accent" {...props} />
      <span className="min-w-0">{children}</span>
    </label>
  );
}
