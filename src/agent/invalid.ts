/** What a call that cannot run becomes: a completed call of the tool `invalid`, whose output tells the model what to do. */
export interface Explained {
  input: { tool: string; error: string };
  output: string;
}

export function explainInvalid(call: { tool: string; input: unknown }, known: string[]): Explained {
  const error = known.includes(call.tool) ? badInput(call) : noSuchTool(call.tool, known);
  return { input: { tool: call.tool, error }, output: `The call was not run. ${error}` };
}

function noSuchTool(tool: string, known: string[]): string {
  if (known.length === 0) return `There is no tool ${JSON.stringify(tool)}: no tools can be called now. Answer in text.`;
  return `There is no tool ${JSON.stringify(tool)}. The tools are: ${known.join(", ")}.`;
}

function badInput(call: { tool: string; input: unknown }): string {
  const expected = `Send the input of ${JSON.stringify(call.tool)} as one JSON object that follows the tool's schema.`;
  if (typeof call.input !== "string")
    return `The input is ${Array.isArray(call.input) ? "a list" : String(call.input)}, not an object. ${expected}`;
  const text = call.input.length > 200 ? `${call.input.slice(0, 200)}…` : call.input;
  return `The input is not valid JSON: ${syntaxError(call.input)}. It was: ${text} ${expected}`;
}

function syntaxError(text: string): string {
  try {
    return `a JSON ${typeof JSON.parse(text)}, not an object`;
  } catch (error) {
    return error instanceof Error ? error.message : "it cannot be parsed";
  }
}
