import type { Outcome } from "./conversation.ts";
import type { Step } from "./grammar.ts";
import { fileLines, outline } from "./outline.ts";
import type { Call } from "./plan.ts";

const longestLines = 80;
const longestText = 6_000;

/** What every answer ends with. */
export const about = [
  "This is Codeport's offline guide: a fixed set of commands, not an AI.",
  "To connect an AI, set OPENAI_API_KEY or ANTHROPIC_API_KEY, add a provider to `opencode.json`, or start a local endpoint (Ollama, LM Studio, llama.cpp).",
].join(" ");

/** What the tools answered, step by step. After a failed step nothing ran: the answer says so and names what was left out. */
export function report(calls: Call[], outcomes: Outcome[]): string {
  const failed = outcomes.some((outcome) => outcome.failed);
  const rest = failed ? skipped(calls.slice(outcomes.length), calls[outcomes.length - 1]) : [];
  return [...sections(calls, outcomes), ...rest, about].join("\n\n");
}

/** The agent does not offer the tool that the next step needs. */
export function unavailable(calls: Call[], outcomes: Outcome[], call: Call): string {
  const sentence = `The step ${named(call.step)} needs the tool \`${call.tool}\`, which is not offered to this agent. It was not done.`;
  return [...sections(calls, outcomes), sentence, ...skipped(calls.slice(outcomes.length), call), about].join("\n\n");
}

function sections(calls: Call[], outcomes: Outcome[]): string[] {
  return outcomes.flatMap((outcome, index) => {
    const call = calls[index];
    if (call === undefined || (!call.shown && !outcome.failed)) return [];
    return [outcome.failed ? failure(call, outcome.text) : success(call.step, outcome.text)];
  });
}

/** What to say to a prompt outside the grammar. */
export function help(problem: string): string {
  return `${problem}

I understand these commands, alone or joined by "and", "then", commas or line ends:

- list [directory]
- find <file pattern> [in directory]
- search <text> [in file or directory]
- read <file>
- outline <file>
- write <text> to <file>
- replace <text> with <text> in <file>
- apply <patch>
- run <command> [in the background]
- processes, output <id>, stop <id>
- fetch <address>
- ask <question> [with <choice>, <choice>]
- skill <name>
- delegate <task> to <agent>
- todo <item>, <item>

Examples: \`list the files and read README.md\`, \`find *.ts then search TODO\`, \`search "foo bar" in src\`, \`run npm test\`. Quotes hold together what has blanks or a command word in it.

${about}`;
}

function success(step: Step, text: string): string {
  switch (step.kind) {
    case "list":
      return `Files in \`${step.path ?? "."}\`:\n\n${fenced(text)}`;
    case "find":
      return `Files matching \`${step.pattern}\`:\n\n${fenced(text)}`;
    case "search":
      return `Matches of \`${step.pattern}\`${place(step)}:\n\n${fenced(text)}`;
    case "read":
      return `\`${step.path}\`:\n\n${fenced(content(text))}`;
    case "outline":
      return outlined(step.path, text);
    case "write":
      return `Wrote \`${step.path}\`. ${firstLines(text)}`.trim();
    case "replace":
      return `Replaced \`${oneLine(step.from)}\` with \`${oneLine(step.to)}\` in \`${step.path}\`. ${firstLines(text)}`.trim();
    case "apply":
      return `Applied the patch. ${oneLine(text, 300)}`;
    case "run":
      return step.background ? text : `\`${oneLine(step.command)}\` printed:\n\n${fenced(text)}`;
    case "processes":
      return `Commands in the background:\n\n${fenced(text)}`;
    case "output":
    case "stop":
      return `${step.kind === "stop" ? "Stopped" : "Output of"} \`${step.id}\`:\n\n${fenced(text)}`;
    case "fetch":
      return `\`${step.url}\`:\n\n${fenced(text)}`;
    case "ask":
      return oneLine(text.replace(/ You can now continue.*$/s, ""), 1_000);
    case "skill":
      return `Loaded the skill \`${oneLine(step.name)}\`:\n\n${fenced(text)}`;
    case "delegate":
      return `\`${step.agent}\` reports:\n\n${fenced(/<task_result>\n?([\s\S]*?)\n?<\/task_result>/.exec(text)?.[1] ?? text)}`;
    case "todos":
      return `Todo list:\n\n${fenced(text)}`;
    case "todo":
      return `Todo list:\n\n${step.items.map((item) => `- [ ] ${oneLine(item)}`).join("\n")}`;
  }
}

function outlined(path: string, text: string): string {
  const lines = outline(path, text);
  return lines.length === 0
    ? `\`${path}\` has no declarations or headings that I know.`
    : `Outline of \`${path}\`:\n\n${fenced(lines.join("\n"))}`;
}

function failure(call: Call, text: string): string {
  return `The step ${named(call.step)} failed: the tool \`${call.tool}\` answered:\n\n${fenced(text)}`;
}

function skipped(calls: Call[], failed: Call | undefined): string[] {
  const steps = [...new Set(calls.filter((call) => call.step !== failed?.step).map((call) => call.step))];
  return steps.length === 0 ? [] : [`Not done because of that: ${steps.map(named).join(", ")}.`];
}

function named(step: Step): string {
  return `\`${oneLine(`${step.kind} ${objectOf(step)}`)}\``;
}

/** What a step is about, in its own words. */
function objectOf(step: Step): string {
  if ("path" in step) return step.path ?? "";
  if (step.kind === "todo") return step.items.join(", ");
  const [, object] = Object.entries(step).find(([key]) => key !== "kind") ?? [];
  return typeof object === "string" ? object : "";
}

function place(step: Extract<Step, { kind: "search" }>): string {
  const where = step.include ?? step.path;
  return where === undefined ? "" : ` in \`${where}\``;
}

function content(output: string): string {
  const lines = fileLines(output);
  return lines.map(({ text }) => text).join("\n");
}

function firstLines(text: string): string {
  return oneLine(text.split("\n").slice(0, 3).join(" "), 300);
}

export function oneLine(text: string, longest = 80): string {
  const line = text.replace(/\s+/g, " ").replaceAll("`", "'").trim();
  return line.length > longest ? `${line.slice(0, longest - 1)}…` : line;
}

/** A code block that the text cannot break out of, shortened in the middle: the ends tell most. */
function fenced(text: string): string {
  const body = shortened(text.replace(/\s+$/, "")) || "(nothing)";
  const ticks = "`".repeat(Math.max(3, ...[...body.matchAll(/`+/g)].map((run) => run[0].length + 1)));
  return `${ticks}\n${body}\n${ticks}`;
}

function shortened(text: string): string {
  const lines = text.split("\n");
  const kept = lines.length > longestLines ? [...lines.slice(0, 60), `… ${lines.length - 80} more lines …`, ...lines.slice(-20)] : lines;
  const whole = kept.join("\n");
  if (whole.length <= longestText) return whole;
  return `${whole.slice(0, longestText - 1_500)}\n… ${whole.length - longestText} more characters …\n${whole.slice(-1_500)}`;
}
