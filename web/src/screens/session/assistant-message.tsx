import type { Message, Part } from "../../../../src/client/client.ts";
import { money, tokens } from "../../ui/amount.tsx";
import { classes } from "../../ui/classes.ts";
import { duration } from "../../ui/time.tsx";
import { faultWords } from "./fault-words.ts";
import { PartView } from "./part.tsx";

type Info = Extract<Message, { role: "assistant" }>;

/** A step of the answer. */
export function AssistantMessage({ info, parts, isMarked }: { info: Info; parts: readonly Part[]; isMarked: boolean }) {
  return (
    <article aria-label="Assistant" className={classes("flex flex-col gap-1 py-1.5", isMarked && "rounded-lg bg-raised ring-1 ring-line")}>
      {info.summary && <p className="border-line border-b pb-1 text-muted text-xs">Summary of the conversation so far</p>}
      {parts.map((part) => (
        <PartView key={part.id} part={part} directory={info.path.cwd} />
      ))}
      {info.error !== undefined && <Fault error={info.error} />}
      <Footer info={info} />
    </article>
  );
}

/** Why the answer ended early. */
function Fault({ error }: { error: NonNullable<Info["error"]> }) {
  const { title, detail, isQuiet } = faultWords(error);
  if (isQuiet) return <p className="text-muted text-sm">{title}</p>;
  return (
    <div className="rounded-lg border border-danger px-3 py-2">
      <p className="font-medium text-danger">{title}</p>
      {detail !== undefined && <p className="mt-1 break-words text-muted text-sm">{detail}</p>}
    </div>
  );
}

/** Below the last step of an answer: who wrote it, and what it took. */
function Footer({ info: { time, finish, modelID, agent, cost, tokens: used } }: { info: Info }) {
  if (time.completed === undefined || finish === undefined || finish === "tool-calls") return null;
  const words = [agent, modelID, duration(time.completed - time.created)];
  const output = used.output + used.reasoning;
  if (output > 0) words.push(`${tokens(output)} tokens`);
  if (cost > 0) words.push(money(cost));
  return <p className="mt-0.5 mb-2 text-muted text-xs">{words.join(" · ")}</p>;
}
