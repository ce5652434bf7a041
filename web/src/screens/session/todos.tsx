import { useLive } from "../../live/hooks.ts";
import { Fold } from "./fold.tsx";

const words: Record<string, { sign: string; word: string; look: string }> = {
  completed: { sign: "✓", word: "done", look: "text-muted line-through" },
  in_progress: { sign: "▸", word: "under way", look: "font-medium" },
  cancelled: { sign: "×", word: "dropped", look: "text-muted line-through" },
  pending: { sign: "○", word: "open", look: "" },
};

/** What the agent means to do, folded to how far it is. */
export function Todos({ sessionID }: { sessionID: string }) {
  const todos = useLive(({ conversations }) => conversations[sessionID]?.todos ?? none);
  if (todos.length === 0) return null;
  const done = todos.filter(({ status }) => status === "completed" || status === "cancelled").length;
  const current = todos.find(({ status }) => status === "in_progress");
  const title = (
    <>
      <span className="shrink-0 font-medium">
        Todos {done} of {todos.length}
      </span>
      {current !== undefined && <span className="min-w-0 truncate text-muted">{current.content}</span>}
    </>
  );
  return (
    <section aria-label="Todos" className="shrink-0 border-line border-b px-4">
      <Fold id={`${sessionID}:todos`} title={title}>
        <ul className="max-h-48 overflow-y-auto pb-2 pl-5">
          {todos.map(({ content, status }) => {
            const { sign, word, look } = words[status] ?? { sign: "○", word: status, look: "" };
            return (
              <li key={content} className="flex gap-2">
                <span aria-hidden="true">{sign}</span>
                <span className={look}>{content}</span>
                <span className="sr-only">{word}</span>
              </li>
            );
          })}
        </ul>
      </Fold>
    </section>
  );
}

const none: readonly { content: string; status: string }[] = [];
