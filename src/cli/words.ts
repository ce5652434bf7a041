import { nearest } from "../schema/nearest.ts";
import { Failure } from "./failure.ts";

/** ` Did you mean serve?`, or where to look when nothing comes near. */
export function suggestion(text: string, candidates: readonly string[], help = "codeport --help lists what there is."): string {
  const match = nearest(text, candidates);
  return match === undefined ? ` ${help}` : ` Did you mean ${match}?`;
}

/** The action that was named; `ls` is `list`, as OpenCode has it. Throws Failure "usage" for none and for one that there is not, with what comes nearest. */
export function actionOf<Action extends string>(command: string, word: unknown, actions: readonly Action[]): Action {
  const action = actions.find((candidate) => candidate === (word === "ls" ? "list" : word));
  if (action !== undefined) return action;
  const all = actions.join(", ");
  if (word === undefined) throw new Failure("usage", `Say what to do: codeport ${command} ${actions.join("|")}.`);
  throw new Failure("usage", `"${word}" is no action of ${command}.${suggestion(String(word), actions, `It knows ${all}.`)}`);
}
