import { type FormEvent, type ReactNode, useRef, useState } from "react";
import type { QuestionRequest } from "../../../../src/client/client.ts";
import { useActions } from "../../app/actions.ts";
import { Button } from "../button.tsx";
import { Icon } from "../icon.tsx";
import { useQuestionAnswers } from "./answering.ts";
import { answersOf, emptyDraft, namesOf, openCount, type QuestionDraft } from "./question-draft.ts";
import { QuestionField } from "./question-field.tsx";

interface QuestionAskProps {
  request: QuestionRequest;
  /** Where it comes from, beside the title. */
  origin?: ReactNode;
  /** The keys answer this one. */
  isCurrent?: boolean;
}

/** What an agent asks, all of it at once, to be answered. */
export function QuestionAsk({ request, origin, isCurrent = false }: QuestionAskProps) {
  const form = useRef<HTMLFormElement>(null);
  const { isAnswering, reply, dismiss } = useQuestionAnswers(request);
  const { questions } = request;
  const [drafts, setDrafts] = useState<readonly QuestionDraft[]>(() => questions.map(() => emptyDraft));
  const names = namesOf(questions.map(({ question }) => question));
  const open = openCount(request, drafts);
  const title = questions.length === 1 ? "A question" : `${questions.length} questions`;
  const group = "Answer";
  useActions(() =>
    isCurrent && !isAnswering
      ? [
          { id: "ask.answer", title: "Answer the question", group, keys: "a", run: () => form.current?.querySelector("input")?.focus() },
          { id: "ask.deny", title: "Dismiss the question", group, keys: "d", run: dismiss },
        ]
      : [],
  );
  function submit(event: FormEvent): void {
    event.preventDefault();
    reply(answersOf(request, drafts));
  }
  return (
    <form ref={form} onSubmit={submit} aria-label={title} className="flex flex-col gap-4 rounded-xl border border-accent bg-raised p-3">
      <header className="flex flex-wrap items-center gap-x-2 gap-y-1">
        <Icon name="question" className="size-4 text-accent" />
        <h2 className="font-semibold">{title}</h2>
        <span className="min-w-0 text-muted text-xs">{origin}</span>
      </header>
      {questions.map((question, at) => (
        <QuestionField
          key={names[at]}
          question={question}
          draft={drafts[at] ?? emptyDraft}
          onChange={(draft) => setDrafts(drafts.with(at, draft))}
        />
      ))}
      <div className="flex flex-wrap items-center gap-2">
        <Button type="submit" variant="primary" disabled={isAnswering || open === questions.length} className="grow sm:grow-0">
          {questions.length === 1 ? "Answer" : "Send the answers"}
        </Button>
        <Button disabled={isAnswering} onClick={dismiss} title="Answers nothing and ends the turn" className="grow sm:grow-0">
          Dismiss
        </Button>
        {open > 0 && questions.length > 1 && <span className="text-muted text-xs">{open} still open</span>}
      </div>
    </form>
  );
}
