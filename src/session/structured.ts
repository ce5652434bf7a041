import { z } from "zod";
import type { TurnTool } from "../agent/turn.ts";
import { AppError } from "../schema/error.ts";
import type { MessageError, OutputFormat, OutputFormatJsonSchema } from "../schema/message.ts";

/** An answer in a shape: the model has to give it by calling a tool whose input is that shape. */
export interface StructuredOutput {
  tool: TurnTool;
  /** The answer, once it was given and fits. */
  value(): { given: unknown } | undefined;
  /** How often the model may be reminded when it answers in prose. */
  retries: number;
}

export const structuredReminder =
  "Answer now by calling the tool StructuredOutput with the complete answer. Text outside of that call is not read by anybody.";

const description =
  "Gives the final answer of this task in the required shape. Call it exactly once, when everything is done; the input is the answer.";

/** Undefined for prose. Throws AppError BadRequest for a schema that cannot be understood. */
export function createStructuredOutput(format: OutputFormat | undefined): StructuredOutput | undefined {
  if (format?.type !== "json_schema") return undefined;
  const shape = toShape(format);
  let answer: { given: unknown } | undefined;
  return {
    retries: format.retryCount ?? 2,
    value: () => answer,
    tool: {
      name: "StructuredOutput",
      description,
      schema: format.schema,
      final: true,
      async execute({ input }) {
        const checked = shape.safeParse(input);
        if (!checked.success) throw new AppError("BadRequest", `The answer does not fit the schema.\n${z.prettifyError(checked.error)}`);
        answer = { given: input };
        return { title: "Structured output", output: "Accepted.", metadata: { valid: true, truncated: false } };
      },
    },
  };
}

function toShape({ schema }: OutputFormatJsonSchema): z.ZodType {
  try {
    return z.fromJSONSchema(schema as Parameters<typeof z.fromJSONSchema>[0]);
  } catch (error) {
    throw new AppError(
      "BadRequest",
      `format.schema: ${(error as Error).message}`,
      { kind: "Payload", field: "format.schema" },
      { cause: error },
    );
  }
}

export function structuredFailure(retries: number): MessageError {
  return { name: "StructuredOutputError", data: { message: "The model did not give its answer in the required shape.", retries } };
}
