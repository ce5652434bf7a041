import { getRouteApi } from "@tanstack/react-router";
import { useState } from "react";
import { type Draft, draftOf, emptyDraft, type Problem, readDraft } from "../../ui/form-draft.ts";
import type { Field } from "../../ui/form-fields.ts";
import type { Procedure } from "./procedures.ts";

const route = getRouteApi("/api");

/** What a procedure is to be called with: entered in a form, or as JSON. */
export interface Input {
  mode: "form" | "json";
  setMode(mode: "form" | "json"): void;
  draft: Draft;
  setDraft(draft: Draft): void;
  text: string;
  setText(text: string): void;
  /** As far as it reads. */
  value: unknown;
  problems: readonly Problem[];
  /** Puts it into the address. A change's input may hold a key, and stays out of it. */
  keep(): void;
}

const whole: Field = { kind: "json", name: "", isRequired: false };

export function useInput({ type }: Procedure, field: Field | undefined): Input {
  const { input: kept = "" } = route.useSearch();
  const navigate = route.useNavigate();
  const [mode, setMode] = useState<Input["mode"]>(field?.kind === "json" ? "json" : "form");
  const [draft, setDraft] = useState<Draft>(() => startOf(field, kept));
  const [text, setText] = useState("");
  const read = readInput(field, mode, { draft, text });
  return {
    mode,
    setMode(next) {
      if (next === "json") setText(read.value === undefined ? "" : JSON.stringify(read.value, null, 2));
      // What is no JSON yet leaves the form as it was.
      else if (field !== undefined && read.problems.length === 0) setDraft(draftOf(field, read.value));
      setMode(next);
    },
    draft,
    setDraft,
    text,
    setText,
    ...read,
    keep() {
      const input = type === "mutation" || read.value === undefined ? undefined : JSON.stringify(read.value);
      if ((input ?? "") !== kept) void navigate({ search: (before) => ({ ...before, input }), replace: true });
    },
  };
}

function readInput(
  field: Field | undefined,
  mode: Input["mode"],
  { draft, text }: { draft: Draft; text: string },
): Pick<Input, "value" | "problems"> {
  if (field === undefined) return { value: undefined, problems: [] };
  const { value, problems } = mode === "form" ? readDraft(field, draft) : readDraft(whole, text);
  return { value, problems };
}

function startOf(field: Field | undefined, kept: string): Draft {
  if (field === undefined) return "";
  const { value, problems } = readDraft(whole, kept);
  return problems.length > 0 || value === undefined ? emptyDraft(field) : draftOf(field, value);
}
