import type { TimelineStep, TimelineTool, TimelineTurn, TimelineWait } from "../../../../src/client/client.ts";
import type { Line, Stretch } from "./waterfall.ts";

/** The lines of a turn: its place in the queue, each step, and in a step the tools and what waited for somebody. */
export function linesOf(turn: TimelineTurn): Line[] {
  const wasQueued = turn.start === undefined ? turn.state === "queued" : turn.start > turn.queued;
  const queue: Line = {
    id: "queue",
    label: "Queue",
    detail: "waits for its turn",
    depth: 0,
    stretches: [{ spent: "queue", start: turn.queued, end: turn.start }],
  };
  return [...(wasQueued ? [queue] : []), ...turn.steps.flatMap((step, at) => stepLines(step, at))];
}

function stepLines(step: TimelineStep, at: number): Line[] {
  const line: Line = {
    id: step.messageID,
    label: step.summary ? "Handover" : `Step ${at + 1}`,
    detail: `${step.providerID}/${step.modelID}`,
    depth: 0,
    stretches: stepStretches(step),
    fault: step.error && `${step.error.name}: ${step.error.message}`,
  };
  return [line, ...step.tools.map((tool) => toolLine(tool, step)), ...step.waits.map(waitLine)];
}

function stepStretches({ start, firstToken, streamEnd, end, retries }: TimelineStep): Stretch[] {
  // What came of an answer that never came, or broke off.
  const said = streamEnd ?? end;
  return [
    { spent: "first", start, end: firstToken ?? said },
    ...(firstToken === undefined ? [] : [{ spent: "stream" as const, start: firstToken, end: said }]),
    ...(streamEnd === undefined || end === streamEnd ? [] : [{ spent: "rest" as const, start: streamEnd, end }]),
    ...retries.map(({ at, next, attempt, message }) => ({
      spent: "retry" as const,
      start: at,
      end: next,
      note: `attempt ${attempt}: ${message}`,
    })),
  ];
}

function toolLine({ partID, tool, title, state, denied, requested, start, end, sessionID, waits }: TimelineTool, step: TimelineStep): Line {
  const stretches: Stretch[] = [
    ...(requested === undefined || requested === start ? [] : [{ spent: "write" as const, start: requested, end: start ?? end }]),
    ...(start === undefined ? [] : [{ spent: "tool" as const, start, end }]),
    ...waits.map(waitStretch),
  ];
  // A call of which no moment is known is at least one of its step.
  if (stretches.length === 0) stretches.push({ spent: "write", start: step.start, end: step.start });
  const fault = state === "error" && !denied ? "It failed." : undefined;
  return { id: partID, label: tool, detail: title, depth: 1, stretches, fault, isDenied: denied, sessionID };
}

function waitLine(wait: TimelineWait): Line {
  return {
    id: wait.requestID,
    label: wait.kind === "permission" ? "Permission" : "Question",
    detail: wait.name,
    depth: 1,
    stretches: [waitStretch(wait)],
  };
}

function waitStretch({ kind, name, start, end, answer }: TimelineWait): Stretch {
  return {
    spent: kind,
    start,
    end,
    note: [name, answer === undefined ? "not answered" : `answered: ${answer}`].filter(Boolean).join(", "),
  };
}
