import type { QuestionRequest } from "../../../../src/client/client.ts";

/** What is being answered to one question: labels that are chosen, and words of one's own. */
export interface QuestionDraft {
  chosen: readonly string[];
  /** Undefined: the own answer is not chosen. */
  own?: string;
}

export const emptyDraft: QuestionDraft = { chosen: [] };

type Question = QuestionRequest["questions"][number];

/** The draft after a click on an option: of several, it is chosen or no longer; of one, it takes the place of what was. */
export function withOption(draft: QuestionDraft, { multiple }: Question, label: string): QuestionDraft {
  if (!multiple) return { chosen: [label] };
  const others = draft.chosen.filter((other) => other !== label);
  return { ...draft, chosen: others.length === draft.chosen.length ? [...draft.chosen, label] : others };
}

/** The draft with words of one's own, or without them. */
export function withOwn(draft: QuestionDraft, { multiple }: Question, own: string | undefined): QuestionDraft {
  if (own === undefined) return { chosen: draft.chosen };
  return { chosen: multiple ? draft.chosen : [], own };
}

/** What goes to the server: one list for each question, in their order; empty for one that stays open. */
export function answersOf({ questions }: Pick<QuestionRequest, "questions">, drafts: readonly QuestionDraft[]): string[][] {
  return questions.map(({ options }, at) => {
    const { chosen, own = "" } = drafts[at] ?? emptyDraft;
    const labels = options.map(({ label }) => label).filter((label) => chosen.includes(label));
    return own.trim() === "" ? labels : [...labels, own.trim()];
  });
}

/** Names for the texts that tell apart even those that say the same. */
export function namesOf(texts: readonly string[]): string[] {
  return texts.map((text, at) => `${text} ${texts.slice(0, at).filter((other) => other === text).length}`);
}

/** How many questions have no answer yet. */
export function openCount(request: Pick<QuestionRequest, "questions">, drafts: readonly QuestionDraft[]): number {
  return answersOf(request, drafts).filter(({ length }) => length === 0).length;
}
