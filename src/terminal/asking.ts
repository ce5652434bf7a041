import type { PermissionReply, PermissionRequest, QuestionInfo, QuestionRequest } from "../client/client.ts";
import { type Editor, emptyEditor } from "./editor.ts";
import type { Key } from "./key.ts";
import { edit } from "./typing.ts";

/** In the order they are shown in: each allows more than the one before it, and the step back from nothing leads to no. */
export const replies = ["once", "session", "always", "reject"] as const satisfies PermissionReply[];

/** What a person has chosen so far of what is asked first. */
export interface Draft {
  requestID: string;
  /** Of a permission. Nothing is chosen at first: an Enter that was meant for the prompt allows nothing. */
  reply?: PermissionReply;
  /** Words to go with it, or an answer of one's own; undefined: none are being written. */
  words?: Editor;
  /** Which of the questions is shown. */
  question: number;
  /** Which of its options is marked; after the last comes the one for own words. */
  option?: number;
  /** Labels, or own words, by question. */
  answers: string[][];
}

export type Answer =
  | { type: "permission"; requestID: string; reply: PermissionReply; message?: string }
  | { type: "question"; requestID: string; answers: string[][] }
  | { type: "dismiss"; requestID: string };

/** The draft after the key, and the answer once it is complete. */
export interface Asking {
  draft: Draft;
  answer?: Answer;
}

export const emptyDraft = (requestID: string): Draft => ({ requestID, question: 0, answers: [] });

export const isQuestion = (request: PermissionRequest | QuestionRequest): request is QuestionRequest => "questions" in request;

/** The rows of a question: its options, and own words where they are allowed. */
export const optionCount = ({ options, custom }: QuestionInfo): number => options.length + (custom === false ? 0 : 1);

export function answerKey(draft: Draft, request: PermissionRequest | QuestionRequest, key: Key): Asking {
  return isQuestion(request) ? questionKey(draft, request, key) : permissionKey(draft, request, key);
}

function permissionKey(draft: Draft, { id: requestID }: PermissionRequest, key: Key): Asking {
  if (draft.words !== undefined) {
    const message = draft.words.text.trim();
    if (key.name === "enter") return { draft, answer: { type: "permission", requestID, reply: "reject", ...(message && { message }) } };
    if (key.name === "escape") return { draft: { ...draft, words: undefined } };
    return { draft: { ...draft, words: edit(draft.words, key) ?? draft.words } };
  }
  if (key.name === "enter" && draft.reply === "reject") return { draft: { ...draft, words: emptyEditor() } };
  if (key.name === "enter" && draft.reply) return { draft, answer: { type: "permission", requestID, reply: draft.reply } };
  const by = direction(key);
  return {
    draft: by === 0 ? draft : { ...draft, reply: replies[around(replies.indexOf(draft.reply as PermissionReply), by, replies.length)] },
  };
}

function questionKey(draft: Draft, request: QuestionRequest, key: Key): Asking {
  const question = request.questions[draft.question];
  if (question === undefined) return { draft };
  if (draft.words !== undefined) return wordsKey({ ...draft, words: draft.words }, request, key);
  if (key.name === "escape") return { draft, answer: { type: "dismiss", requestID: request.id } };
  if (key.name === "left") return { draft: show(draft, Math.max(0, draft.question - 1)) };
  if (key.name === "right") return { draft: show(draft, Math.min(request.questions.length - 1, draft.question + 1)) };
  if (key.name === "up" || key.name === "down" || key.name === "tab") {
    return { draft: { ...draft, option: around(draft.option ?? -1, direction(key), optionCount(question)) } };
  }
  if (draft.option === undefined) return { draft };
  const label = question.options[draft.option]?.label;
  if (label === undefined) return key.name === "enter" ? { draft: { ...draft, words: emptyEditor() } } : { draft };
  if (question.multiple && key.text === " ") return { draft: setAnswers(draft, toggled(draft.answers[draft.question] ?? [], label)) };
  if (key.name !== "enter") return { draft };
  const marked = draft.answers[draft.question] ?? [];
  return advance(setAnswers(draft, question.multiple && marked.length > 0 ? marked : [label]), request);
}

function wordsKey(draft: Draft & { words: Editor }, request: QuestionRequest, key: Key): Asking {
  if (key.name === "escape") return { draft: { ...draft, words: undefined } };
  if (key.name !== "enter") return { draft: { ...draft, words: edit(draft.words, key) ?? draft.words } };
  const words = draft.words.text.trim();
  if (words === "") return { draft: { ...draft, words: undefined } };
  const kept = request.questions[draft.question]?.multiple ? (draft.answers[draft.question] ?? []) : [];
  return advance(setAnswers({ ...draft, words: undefined }, [...kept, words]), request);
}

/** To the first question without an answer; with none left, all are sent. */
function advance(draft: Draft, request: QuestionRequest): Asking {
  const next = request.questions.findIndex((_question, index) => (draft.answers[index] ?? []).length === 0);
  if (next >= 0) return { draft: show(draft, next) };
  const answers = request.questions.map((_question, index) => draft.answers[index] ?? []);
  return { draft, answer: { type: "question", requestID: request.id, answers } };
}

const show = (draft: Draft, question: number): Draft => ({ ...draft, question, option: undefined, words: undefined });

function setAnswers(draft: Draft, labels: string[]): Draft {
  const answers = [...draft.answers];
  answers[draft.question] = labels;
  return { ...draft, answers };
}

const toggled = (labels: string[], label: string): string[] =>
  labels.includes(label) ? labels.filter((one) => one !== label) : [...labels, label];

function direction(key: Key): number {
  if (key.name === "left" || key.name === "up" || (key.name === "tab" && key.shift)) return -1;
  return key.name === "right" || key.name === "down" || key.name === "tab" ? 1 : 0;
}

/** From nothing (-1), a step forward leads to the first and one back to the last. */
const around = (index: number, by: number, count: number): number => (index < 0 && by < 0 ? count - 1 : (index + by + count) % count);
