import { z } from "zod";
import type { Tool } from "./tool.ts";

/** Says which fields of a call are wrong, which the tool knows, and which were given: enough to call it again rightly. */
export function describeInputFault(tool: Tool, input: unknown, error: z.ZodError): string {
  const faults = error.issues.map((issue) => `- ${fieldName(issue.path)}: ${issue.message}`);
  const known = tool.input instanceof z.ZodObject ? Object.entries(tool.input.shape).map(([name, field]) => fieldUse(name, field)) : [];
  const given = typeof input === "object" && input !== null ? Object.keys(input).join(", ") : typeof input;
  return [
    `The input of the ${tool.id} tool is not valid:`,
    ...faults,
    `It takes: ${known.join(", ") || "nothing"}. Given: ${given || "nothing"}. Call it again with a corrected input.`,
  ].join("\n");
}

function fieldName(path: PropertyKey[]): string {
  const name = path.map((step) => (typeof step === "number" ? `[${step}]` : `.${String(step)}`)).join("");
  return name.replace(/^\./, "") || "input";
}

function fieldUse(name: string, field: z.core.$ZodType): string {
  return field instanceof z.ZodOptional ? `${name} (optional)` : name;
}
