import { useId } from "react";
import { Button } from "./button.tsx";
import { inputClasses } from "./field.tsx";
import { type Draft, emptyDraft, type Problem } from "./form-draft.ts";
import type { Field } from "./form-fields.ts";
import { IconButton } from "./icon-button.tsx";

interface SchemaFormProps {
  field: Field;
  draft: Draft;
  /** What is shown as wrong. */
  problems: readonly Problem[];
  onChange(draft: Draft): void;
}

/** Controls for a value of the field's schema. What it comes to is `readDraft(field, draft)`. */
export function SchemaForm({ field, ...props }: SchemaFormProps) {
  if (field.kind === "group" && field.name === "") return <GroupControls field={field} {...props} />;
  if (field.kind === "fixed") return null;
  if (field.kind === "group" || field.kind === "list" || field.kind === "variants") return <Nested field={field} {...props} />;
  return <Simple field={field} {...props} />;
}

/** The problems of what is inside, as it knows itself. */
function inside(problems: readonly Problem[], name: string): Problem[] {
  return problems.filter(({ path }) => path[0] === name).map(({ path, message }) => ({ path: path.slice(1), message }));
}

type PropsOf<Kind extends Field["kind"]> = Omit<SchemaFormProps, "field"> & { field: Field & { kind: Kind } };

function GroupControls({ field, draft, problems, onChange }: PropsOf<"group">) {
  const drafts = typeof draft === "object" && "fields" in draft ? draft.fields : {};
  return (
    <div className="grid gap-3 xl:grid-cols-2">
      {field.fields.map((inner) => (
        <SchemaForm
          key={inner.name}
          field={inner}
          draft={drafts[inner.name] ?? emptyDraft(inner)}
          problems={inside(problems, inner.name)}
          onChange={(next) => onChange({ fields: { ...drafts, [inner.name]: next } })}
        />
      ))}
    </div>
  );
}

function Nested({ field, ...props }: PropsOf<"group" | "list" | "variants">) {
  return (
    <fieldset className="min-w-0 rounded-lg border border-line px-3 pb-3 xl:col-span-2">
      <legend className="px-1 font-medium">
        {field.name || "Item"} <Optional field={field} />
      </legend>
      <About field={field} />
      {field.kind === "group" && <GroupControls field={field} {...props} />}
      {field.kind === "list" && <ListControls field={field} {...props} />}
      {field.kind === "variants" && <VariantControls field={field} {...props} />}
    </fieldset>
  );
}

function ListControls({ field, draft, problems, onChange }: PropsOf<"list">) {
  const items = Array.isArray(draft) ? draft : [];
  return (
    <div className="flex flex-col items-start gap-2">
      {items
        .map((item, at) => ({ item, at, name: `${field.name} ${at + 1}` }))
        .map(({ item, at, name }) => (
          <div key={name} className="flex w-full items-end gap-1">
            <div className="min-w-0 flex-1">
              <SchemaForm
                field={{ ...field.item, name }}
                draft={item}
                problems={inside(problems, String(at))}
                onChange={(next) => onChange(items.with(at, next))}
              />
            </div>
            <IconButton icon="trash" label={`Remove ${name}`} onClick={() => onChange(items.toSpliced(at, 1))} />
          </div>
        ))}
      <Button onClick={() => onChange([...items, emptyDraft(field.item)])}>Add to {field.name}</Button>
    </div>
  );
}

function VariantControls({ field, draft, problems, onChange }: PropsOf<"variants">) {
  const { variant, draft: inner } = typeof draft === "object" && "variant" in draft ? draft : { variant: 0, draft: "" };
  const chosen = field.variants[variant];
  const choose = (next: number) => onChange({ variant: next, draft: field.variants[next] ? emptyDraft(field.variants[next]) : "" });
  return (
    <div className="flex flex-col gap-3">
      <select
        aria-label={`Kind of ${field.name}`}
        value={variant}
        className={inputClasses}
        onChange={(event) => choose(Number(event.target.value))}
      >
        {field.variants.map(({ name }, at) => (
          <option key={name} value={at}>
            {name}
          </option>
        ))}
      </select>
      {chosen !== undefined && (
        <SchemaForm
          field={chosen.kind === "group" ? { ...chosen, name: "" } : chosen}
          draft={inner}
          problems={problems}
          onChange={(next) => onChange({ variant, draft: next })}
        />
      )}
    </div>
  );
}

function Simple({ field, draft, problems, onChange }: SchemaFormProps) {
  const id = useId();
  const faults = problems.map(({ message }) => message).join(", ");
  return (
    <div className="flex flex-col gap-1">
      <label htmlFor={id} className="font-medium">
        {field.name} <Optional field={field} />
      </label>
      <Control
        id={id}
        field={field}
        text={typeof draft === "string" ? draft : ""}
        describedBy={`${id}-about`}
        isWrong={faults !== ""}
        onType={onChange}
      />
      <span id={`${id}-about`} className="text-xs">
        {faults !== "" && (
          <span className="text-danger">
            {field.name} {faults}.{" "}
          </span>
        )}
        <span className="text-muted">{field.about}</span>
      </span>
    </div>
  );
}

interface ControlProps {
  id: string;
  field: Field;
  text: string;
  describedBy: string;
  isWrong: boolean;
  onType(text: string): void;
}

function Control({ id, field, text, describedBy, isWrong, onType }: ControlProps) {
  const shared = {
    id,
    value: text,
    "aria-describedby": describedBy,
    "aria-invalid": isWrong,
    "aria-required": field.isRequired,
    className: inputClasses,
    onChange: (event: { target: { value: string } }) => onType(event.target.value),
  };
  if (field.kind === "choice") {
    return (
      <select {...shared}>
        <option value="">{field.isRequired ? "Choose…" : "not given"}</option>
        {field.options.map((option) => (
          <option key={JSON.stringify(option)} value={JSON.stringify(option)}>
            {String(option)}
          </option>
        ))}
      </select>
    );
  }
  if (field.kind === "json" || (field.kind === "text" && field.isLong)) {
    const isJson = field.kind === "json";
    return (
      <textarea
        {...shared}
        rows={3}
        spellCheck={!isJson}
        placeholder={isJson ? "JSON" : undefined}
        className={`${inputClasses} ${isJson ? "font-mono text-xs" : ""}`}
      />
    );
  }
  const suggestions = field.kind === "text" ? field.suggestions : [];
  return (
    <>
      <input
        {...shared}
        spellCheck={false}
        autoComplete="off"
        inputMode={field.kind === "number" ? "decimal" : undefined}
        list={suggestions.length > 0 ? `${id}-list` : undefined}
      />
      {suggestions.length > 0 && (
        <datalist id={`${id}-list`}>
          {suggestions.map((word) => (
            <option key={word} value={word} />
          ))}
        </datalist>
      )}
    </>
  );
}

function Optional({ field }: { field: Field }) {
  return field.isRequired ? null : <span className="font-normal text-muted text-xs">optional</span>;
}

function About({ field }: { field: Field }) {
  return field.about === undefined ? null : <p className="mb-2 text-muted text-xs">{field.about}</p>;
}
