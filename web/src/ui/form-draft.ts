import type { Field } from "./form-fields.ts";

/**
 * What stands in a form, whether or not it is a value yet: the text of a control (of a choice, the option's JSON; `""`: nothing was given), the drafts of a
 * group by name, of a list in order, or of the chosen variant.
 */
export type Draft = string | Draft[] | { fields: Record<string, Draft> } | { variant: number; draft: Draft };

/** What is wrong with a draft, and where: the names on the way to the control. */
export interface Problem {
  path: string[];
  message: string;
}

export function emptyDraft(field: Field): Draft {
  if (field.kind === "group") return { fields: Object.fromEntries(field.fields.map((inner) => [inner.name, emptyDraft(inner)])) };
  if (field.kind === "list") return [];
  if (field.kind === "variants") return { variant: 0, draft: field.variants[0] ? emptyDraft(field.variants[0]) : "" };
  return "";
}

/** The draft that reads as the value, as far as the field has room for it. */
export function draftOf(field: Field, value: unknown): Draft {
  if (value === undefined) return emptyDraft(field);
  if (field.kind === "group" && isRecord(value)) {
    return { fields: Object.fromEntries(field.fields.map((inner) => [inner.name, draftOf(inner, value[inner.name])])) };
  }
  if (field.kind === "list" && Array.isArray(value)) return value.map((item) => draftOf(field.item, item));
  if (field.kind === "variants") return variantOf(field.variants, value);
  if (field.kind === "group" || field.kind === "list") return emptyDraft(field);
  if (field.kind === "json") return JSON.stringify(value, null, 2);
  return field.kind === "text" && typeof value === "string" ? value : JSON.stringify(value);
}

/** The first variant that the value comes back from unchanged. */
function variantOf(variants: Field[], value: unknown): Draft {
  const drafts = variants.map((field, variant) => ({ variant, field, draft: draftOf(field, value) }));
  const given = JSON.stringify(value);
  const exact = drafts.find(({ field, draft }) => {
    const read = readDraft(field, draft);
    return read.problems.length === 0 && JSON.stringify(read.value) === given;
  });
  const { variant, draft } = exact ??
    drafts.find(({ field, draft }) => readDraft(field, draft).problems.length === 0) ?? { variant: 0, draft: "" };
  return { variant, draft };
}

/** The value of a draft, `undefined` where nothing was given, and all that keeps it from being one. */
export function readDraft(field: Field, draft: Draft): { value?: unknown; problems: Problem[] } {
  if (field.kind === "fixed") return { value: field.value, problems: [] };
  const isCompound = field.kind === "group" || field.kind === "list" || field.kind === "variants";
  if (isCompound && !field.isRequired && !isTouched(field, draft)) return { problems: [] };
  if (field.kind === "group") return readGroup(field, draft);
  if (field.kind === "list") return readList(field, draft);
  if (field.kind === "variants") {
    const { chosen, inner } = chosenOf(field, draft);
    return chosen === undefined ? { problems: [] } : readDraft(chosen, inner);
  }
  return readText(field, typeof draft === "string" ? draft : "");
}

/** Whether somebody gave anything: a constant says nothing by itself. */
function isTouched(field: Field, draft: Draft): boolean {
  if (field.kind === "fixed") return false;
  if (field.kind === "group") return field.fields.some((inner) => isTouched(inner, fieldsOf(draft)[inner.name] ?? ""));
  if (field.kind === "list") return Array.isArray(draft) && draft.length > 0;
  if (field.kind !== "variants") return draft !== "";
  const { chosen, inner, variant } = chosenOf(field, draft);
  return variant > 0 || (chosen !== undefined && isTouched(chosen, inner));
}

function chosenOf(field: Field & { kind: "variants" }, draft: Draft): { variant: number; chosen?: Field; inner: Draft } {
  const { variant, draft: inner } = typeof draft === "object" && "variant" in draft ? draft : { variant: 0, draft: "" };
  return { variant, chosen: field.variants[variant], inner };
}

const fieldsOf = (draft: Draft): Record<string, Draft> => (typeof draft === "object" && "fields" in draft ? draft.fields : {});

function readGroup(field: Field & { kind: "group" }, draft: Draft): ReturnType<typeof readDraft> {
  const drafts = fieldsOf(draft);
  const read = field.fields.map((inner) => ({ name: inner.name, ...readDraft(inner, drafts[inner.name] ?? emptyDraft(inner)) }));
  const given = read.filter(({ value }) => value !== undefined);
  const problems = read.flatMap(({ name, problems }) => problems.map(({ path, message }) => ({ path: [name, ...path], message })));
  return { value: Object.fromEntries(given.map(({ name, value }) => [name, value])), problems };
}

function readList(field: Field & { kind: "list" }, draft: Draft): ReturnType<typeof readDraft> {
  const read = (Array.isArray(draft) ? draft : []).map((item) => readDraft(field.item, item));
  const problems = read.flatMap(({ problems }, at) => problems.map(({ path, message }) => ({ path: [String(at), ...path], message })));
  return { value: read.map(({ value }) => value), problems };
}

function readText(field: Field, text: string): ReturnType<typeof readDraft> {
  const fault = (message: string) => ({ problems: [{ path: [], message }] });
  if (field.kind === "text") {
    if (text === "" && !field.isRequired) return { problems: [] };
    const fits = field.pattern === undefined || new RegExp(field.pattern, "u").test(text);
    if (fits) return { value: text, problems: [] };
    return fault(text === "" ? "is needed" : `does not fit ${field.pattern}`);
  }
  if (text.trim() === "") return field.isRequired ? fault("is needed") : { problems: [] };
  if (field.kind === "number") {
    const value = Number(text);
    if (!Number.isFinite(value)) return fault("is not a number");
    return field.isWhole && !Number.isInteger(value) ? fault("is not a whole number") : { value, problems: [] };
  }
  try {
    return { value: JSON.parse(text), problems: [] };
  } catch (error) {
    return fault(`is not JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
