import { z } from "zod";
import { Model } from "../../schema/provider.ts";

const Ref = z.object({ providerID: z.string(), modelID: z.string(), variant: z.string().optional() });
const Options = z.record(z.string(), z.record(z.string(), z.unknown()));

/** What the model was asked, without what differs from machine to machine. Messages stand in lines of their own, by their hash. */
export const Asked = z.object({
  model: z.string(),
  /** Names, each with a hash of its description and schema. */
  tools: z.record(z.string(), z.string()),
  settings: z.record(z.string(), z.unknown()),
  prompt: z.array(z.string()),
});
export type Asked = z.infer<typeof Asked>;

const Part = z.object({ at: z.number(), part: z.object({ type: z.string() }).catchall(z.unknown()) });
export type RecordedPart = z.infer<typeof Part>;

/** An error, as much of it as decides what the agent makes of it. */
export const RecordedError: z.ZodType<RecordedError> = z.lazy(() =>
  z.object({ name: z.string(), message: z.string(), facts: z.record(z.string(), z.unknown()), cause: RecordedError.optional() }),
);
export interface RecordedError {
  name: string;
  message: string;
  facts: Record<string, unknown>;
  cause?: RecordedError;
}

export const Call = z.object({
  type: z.literal("call"),
  /** In the order in which they were begun. */
  number: z.int(),
  /** Not of a turn: a title. */
  aside: z.boolean(),
  hash: z.string(),
  asked: Asked,
  /** `at`: milliseconds after the call. */
  parts: z.array(Part),
  /** `refused`: the provider answered with an error; `failed`: the stream broke; `aborted`: nobody wanted the rest. */
  end: z.enum(["finished", "refused", "failed", "aborted"]),
  error: RecordedError.optional(),
});
export type Call = z.infer<typeof Call>;

export const Line = z.discriminatedUnion("type", [
  z.object({ type: z.literal("cassette"), version: z.literal(1), program: z.string() }),
  /** A model that was used: it need not be configured where the cassette is replayed. */
  z.object({
    type: z.literal("model"),
    id: z.string(),
    provider: z.string(),
    modelID: z.string(),
    info: Model,
    providerOptions: Options,
  }),
  /** A model that was chosen because nobody named one: `default`, or `small/` and a provider. */
  z.object({ type: z.literal("choice"), of: z.string(), model: Ref.nullable() }),
  z.object({ type: z.literal("message"), hash: z.string(), message: z.unknown() }),
  Call,
  z.object({ type: z.literal("end"), calls: z.int() }),
]);
export type Line = z.infer<typeof Line>;
