import type { Action } from "./actions.ts";

/** The actions that a few letters may mean, those first that hold them as they are: at the beginning, at that of a word, anywhere. */
export function foundBy(query: string, actions: readonly Action[]): Action[] {
  const wanted = query.trim().toLowerCase();
  return actions
    .map((action) => ({ action, rank: rankOf(action, wanted) }))
    .filter(({ rank }) => rank !== undefined)
    .sort((one, other) => (one.rank ?? 0) - (other.rank ?? 0))
    .map(({ action }) => action);
}

/** What this screen offers before what every screen does. */
export function ownFirst(actions: readonly Action[]): Action[] {
  const isShared = ({ group = "Page" }: Action) => group === "Page" || group === "Go to";
  return [...actions.filter((action) => !isShared(action)), ...actions.filter(isShared)];
}

function rankOf({ title, group = "" }: Action, wanted: string): number | undefined {
  const name = title.toLowerCase();
  const text = `${group.toLowerCase()} ${name}`;
  if (name.startsWith(wanted)) return 0;
  if (text.startsWith(wanted) || text.includes(` ${wanted}`)) return 1;
  if (text.includes(wanted)) return 2;
  return fits(text, wanted) ? 3 : undefined;
}

/** Whether the letters come in the text in their order. */
function fits(text: string, wanted: string): boolean {
  let from = 0;
  for (const letter of wanted.replaceAll(" ", "")) {
    const at = text.indexOf(letter, from);
    if (at === -1) return false;
    from = at + 1;
  }
  return true;
}
