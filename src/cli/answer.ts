import type { QuestionInfo } from "../schema/question.ts";

/** What the agent is told where nobody is there to ask: the run is not to hang, nor to end for it. */
export const nobody = "Nobody is there to answer. Decide yourself, and say what you decided.";

/** A question as a terminal shows it, its options numbered. */
export function questionText({ header, question, options, multiple }: QuestionInfo): string {
  const lines = options.map(({ label, description }, index) => `  ${index + 1}. ${label}${description === "" ? "" : ` – ${description}`}`);
  const how = options.length === 0 ? "" : multiple ? " (numbers, or your own words)" : " (a number, or your own words)";
  const title = header === "" || question.startsWith(header) ? "" : `${header}: `;
  return [`question: ${title}${question}`, ...lines, `answer${how}: `].join("\n");
}

/** What was typed, as labels where it names options by number or name, else as it is; nothing for an empty line. */
export function readAnswer(typed: string, { options, multiple }: QuestionInfo): string[] {
  const text = typed.trim();
  if (text === "") return [];
  const parts = multiple ? text.split(/[,;\s]+(?=\d)|\s*[,;]\s*/).filter((part) => part !== "") : [text];
  const labels = parts.map((part) => {
    const byNumber = /^\d+\.?$/.test(part) ? options[Number.parseInt(part, 10) - 1]?.label : undefined;
    return byNumber ?? options.find(({ label }) => label.toLowerCase() === part.toLowerCase())?.label ?? part;
  });
  return [...new Set(labels)];
}
