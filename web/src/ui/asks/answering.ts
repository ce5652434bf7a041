import { useState } from "react";
import type { PermissionReply, PermissionRequest, QuestionRequest } from "../../../../src/client/client.ts";
import { useCalls } from "../../app/client.ts";
import { toast, toastFault } from "../../app/toasts.ts";
import { isNotFound } from "../../live/follow.ts";

export interface PermissionAnswers {
  /** An answer is on its way: the request goes when the server says so, on every client at once. */
  isAnswering: boolean;
  once(): void;
  /** Allows what `always` covers in this session alone. */
  session(): void;
  always(): void;
  /** With a reason the turn goes on and the model reads it; without, the turn ends. */
  deny(reason?: string): void;
}

/** The answers to a request for permission. */
export function usePermissionAnswers({ id: requestID }: PermissionRequest): PermissionAnswers {
  const calls = useCalls();
  const { isAnswering, answer } = useAnswer();
  const reply = (given: { reply: PermissionReply; message?: string }) =>
    answer(() => calls.permission.reply.mutate({ requestID, ...given }));
  return {
    isAnswering,
    once: () => reply({ reply: "once" }),
    session: () => reply({ reply: "session" }),
    always: () => reply({ reply: "always" }),
    deny: (reason = "") => reply({ reply: "reject", message: reason.trim() === "" ? undefined : reason.trim() }),
  };
}

export interface QuestionAnswers {
  isAnswering: boolean;
  /** One list of answers for each question, in their order. */
  reply(answers: string[][]): void;
  /** Answers nothing: the turn ends. */
  dismiss(): void;
}

/** The answers to a request that asks questions. */
export function useQuestionAnswers({ id: requestID }: QuestionRequest): QuestionAnswers {
  const calls = useCalls();
  const { isAnswering, answer } = useAnswer();
  return {
    isAnswering,
    reply: (answers) => answer(() => calls.question.reply.mutate({ requestID, answers })),
    dismiss: () => answer(() => calls.question.reject.mutate({ requestID })),
  };
}

function useAnswer(): { isAnswering: boolean; answer(call: () => Promise<unknown>): void } {
  const [isAnswering, setAnswering] = useState(false);
  function answer(call: () => Promise<unknown>): void {
    setAnswering(true);
    call()
      .catch((error: unknown) => (isNotFound(error) ? toast("Somebody else has answered it already.") : toastFault(error)))
      .finally(() => setAnswering(false));
  }
  return { isAnswering, answer };
}
