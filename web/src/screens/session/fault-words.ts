import type { Message } from "../../../../src/client/client.ts";

type Fault = NonNullable<Extract<Message, { role: "assistant" }>["error"]>;

/** What went wrong and what would help, for people. `isQuiet`: the reader did it themselves. */
export function faultWords({ name, data }: { name: string; data?: object }): { title: string; detail?: string; isQuiet?: boolean } {
  const message = data !== undefined && "message" in data && typeof data.message === "string" ? data.message : undefined;
  const status = data !== undefined && "statusCode" in data && typeof data.statusCode === "number" ? ` (${data.statusCode})` : "";
  switch (name as Fault["name"]) {
    case "MessageAbortedError":
      return { title: "Stopped.", isQuiet: true };
    case "ProviderAuthError":
      return { title: "The model's provider does not accept the key. It can be set in the settings.", detail: message };
    case "MessageOutputLengthError":
      return { title: "The answer was longer than the model may write at once. “Go on” as a prompt continues it." };
    case "ContextOverflowError":
      return { title: "The conversation no longer fits into the model's context. /compact makes room.", detail: message };
    case "ContentFilterError":
      return { title: "The provider's content filter stopped the answer.", detail: message };
    case "StructuredOutputError":
      return { title: "The model did not keep to the shape that was asked for.", detail: message };
    case "APIError":
      return { title: `The model's provider reported a fault${status}.`, detail: message };
    default:
      return { title: message ?? name };
  }
}
