import type { LanguageModelV4 } from "@ai-sdk/provider";
import type { ModelRef } from "../schema/message.ts";
import type { ProviderTest } from "../schema/provider-key.ts";

/** Milliseconds that a provider has for its answer, and characters of what it says when it fails. */
const patience = 30_000;
const longest = 500;

export interface Trial {
  ref: ModelRef;
  /** What is not to be repeated by whatever the provider says. */
  key?: string;
  signal?: AbortSignal;
}

/** Asks the model for a word, and tells whether it came. Throws only when the signal aborts. */
export async function tryModel(language: LanguageModelV4, { ref, key, signal }: Trial): Promise<ProviderTest> {
  const start = performance.now();
  const told = (rest: Pick<ProviderTest, "ok" | "error">): ProviderTest => ({
    ...ref,
    milliseconds: Math.round(performance.now() - start),
    ...rest,
  });
  try {
    const abortSignal = AbortSignal.any([AbortSignal.timeout(patience), ...(signal ? [signal] : [])]);
    const prompt = [{ role: "user" as const, content: [{ type: "text" as const, text: "Answer with one word: ok" }] }];
    const { stream } = await language.doStream({ prompt, maxOutputTokens: 16, abortSignal });
    for await (const part of stream) if (part.type === "error") throw part.error;
    return told({ ok: true });
  } catch (error) {
    signal?.throwIfAborted();
    return told({ ok: false, error: describe(error, key) });
  }
}

function describe(error: unknown, key: string | undefined): NonNullable<ProviderTest["error"]> {
  const said =
    error instanceof Error ? (error.name === "TimeoutError" ? "The provider did not answer in time." : error.message) : String(error);
  const message = (key ? said.replaceAll(key, "…") : said).slice(0, longest);
  const status = error instanceof Error && "statusCode" in error && typeof error.statusCode === "number" ? error.statusCode : undefined;
  return { message: message === "" ? "The call failed." : message, ...(status !== undefined && { status }) };
}
