import { RecordedError } from "./line.ts";

/** What decides whether a call is repeated, and when. No address, no body of the request, no other header. */
const facts = ["statusCode", "isRetryable", "code", "type", "responseBody"];
const headers = ["retry-after", "retry-after-ms"];
const longest = 4_000;

/** Keys as providers repeat them in their answers to a wrong one. */
const keys = /\b(?:sk|pk|rk|gsk|xai|key)-[\w*-]{6,}|\bAIza[\w-]{10,}|\b(?:Bearer|Basic) +[\w.~+/=-]{8,}/g;

/** An error for the file: what it says, without keys. `put`: names in place of what must not be there. */
export function faultOf(error: unknown, put: (text: string) => string, depth = 4): RecordedError {
  const clean = (text: string) => put(text.slice(0, longest)).replace(keys, "⟨secret⟩");
  if (!(error instanceof Error))
    return { name: "Error", message: clean(typeof error === "string" ? error : JSON.stringify(error)), facts: {} };
  const known = Object.entries(error).filter(([key, value]) => facts.includes(key) && value !== undefined && value !== null);
  const kept = Object.fromEntries(known.map(([key, value]) => [key, typeof value === "string" ? clean(value) : value]));
  const given = "responseHeaders" in error ? (error.responseHeaders as Record<string, string> | undefined) : undefined;
  const waits = Object.entries(given ?? {}).filter(([name]) => headers.includes(name));
  const cause = error.cause !== undefined && depth > 0 ? { cause: faultOf(error.cause, put, depth - 1) } : {};
  return {
    name: error.name,
    message: clean(error.message),
    facts: { ...kept, ...(waits.length > 0 && { responseHeaders: Object.fromEntries(waits) }) },
    ...cause,
  };
}

/** An error that the agent takes for the one that was recorded. */
export function revive(recorded: unknown, restore: (text: string) => string): Error {
  const { name, message, facts: known, cause } = RecordedError.parse(recorded);
  const error = new Error(restore(message), cause ? { cause: revive(cause, restore) } : {});
  // Whoever reads an API's error reads where it came from.
  return Object.assign(error, { name, url: "" }, known);
}
