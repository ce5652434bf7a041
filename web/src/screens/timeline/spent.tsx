import type { Spent } from "./waterfall.ts";

interface Look {
  title: string;
  colour: string;
  /** Told from the others without the colour, too. */
  isHatched?: boolean;
  isThin?: boolean;
}

/** What time goes into, in the order of the legend. */
export const looks: Record<Spent, Look> = {
  queue: { title: "In the queue", colour: "var(--muted)", isHatched: true },
  first: { title: "Until the first token", colour: "var(--muted)" },
  stream: { title: "The model writes", colour: "var(--accent)" },
  rest: { title: "After the answer", colour: "var(--muted)", isThin: true },
  write: { title: "The call is written", colour: "var(--accent)", isThin: true },
  tool: { title: "The tool works", colour: "var(--ok)" },
  retry: { title: "Until the next attempt", colour: "var(--danger)", isHatched: true },
  permission: { title: "Waits for permission", colour: "var(--warn)", isHatched: true },
  question: { title: "Waits for an answer", colour: "var(--warn)", isHatched: true },
};

/** How a stretch is filled. */
export function fillOf(spent: Spent): { background: string } {
  const { colour, isHatched } = looks[spent];
  if (!isHatched) return { background: colour };
  return { background: `repeating-linear-gradient(135deg, ${colour} 0 4px, color-mix(in srgb, ${colour} 35%, var(--surface)) 4px 8px)` };
}

/** The kinds that are shown, each with its word. */
export function Legend({ shown }: { shown: readonly Spent[] }) {
  const kinds = (Object.keys(looks) as Spent[]).filter((spent) => shown.includes(spent));
  return (
    <ul aria-label="Legend" className="flex flex-wrap gap-x-4 gap-y-1 text-xs">
      {kinds.map((spent) => (
        <li key={spent} className="inline-flex items-center gap-1.5">
          <span aria-hidden="true" className={`w-4 rounded-sm ${looks[spent].isThin ? "h-1" : "h-2.5"}`} style={fillOf(spent)} />
          {looks[spent].title}
        </li>
      ))}
    </ul>
  );
}
