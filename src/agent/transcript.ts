import type { AssistantModelMessage, ModelMessage, ToolCallPart } from "ai";
import type { TurnEvent } from "./turn.ts";

type Metadata = Record<string, unknown>;
type Kind = "text" | "reasoning";
interface Block {
  kind: Kind;
  id: string;
  text: string;
  metadata: Metadata | undefined;
  /** Whether its start was told. A text is told with its first character: models open texts that stay empty. */
  told: boolean;
  open: boolean;
}
interface Call {
  kind: "call";
  callID: string;
  tool: string;
  input: Record<string, unknown>;
  metadata: Metadata | undefined;
}
type Content = Exclude<AssistantModelMessage["content"], string>;

/** What the model said in one attempt: as events while it says it, as a message for the history afterwards. Blocks may interleave. */
export interface Transcript {
  start(kind: Kind, id: string, metadata?: Metadata): TurnEvent[];
  delta(kind: Kind, id: string, text: string, metadata?: Metadata): TurnEvent[];
  end(kind: Kind, id: string, metadata?: Metadata): TurnEvent[];
  call(call: Omit<Call, "kind">): void;
  /** The ends of all blocks that are still open, with the text so far. */
  endAll(): TurnEvent[];
  /** Nothing when the model said nothing. What broke off in the middle of a reasoning is left out: providers refuse it. */
  message(): ModelMessage[];
}

export function createTranscript(): Transcript {
  const entries: (Block | Call)[] = [];
  const broken = new Set<Block>();
  const find = (kind: Kind, id: string): Block | undefined =>
    entries.findLast((entry): entry is Block => entry.kind === kind && entry.id === id && entry.open);

  const open = (kind: Kind, id: string): Block => {
    const block: Block = { kind, id, text: "", metadata: undefined, told: false, open: true };
    entries.push(block);
    return block;
  };

  const tell = (block: Block): TurnEvent[] => {
    if (block.told) return [];
    block.told = true;
    return [{ type: `${block.kind}-start`, id: block.id }];
  };

  const finish = (block: Block): TurnEvent[] => {
    block.open = false;
    if (!block.told) return [];
    const metadata = block.metadata && { metadata: block.metadata };
    return [{ type: `${block.kind}-end`, id: block.id, text: block.text, ...metadata }];
  };

  return {
    start(kind, id, metadata) {
      const block = open(kind, id);
      block.metadata = metadata;
      return kind === "reasoning" ? tell(block) : [];
    },
    delta(kind, id, text, metadata) {
      const block = find(kind, id) ?? open(kind, id);
      block.metadata = metadata ?? block.metadata;
      if (text === "") return [];
      block.text += text;
      return [...tell(block), { type: `${kind}-delta`, id, delta: text }];
    },
    end(kind, id, metadata) {
      const block = find(kind, id);
      if (!block) return [];
      block.metadata = metadata ?? block.metadata;
      return finish(block);
    },
    call(call) {
      entries.push({ kind: "call", ...call });
    },
    endAll() {
      const left = entries.filter((entry): entry is Block => entry.kind !== "call" && entry.open);
      for (const block of left) broken.add(block);
      return left.flatMap(finish);
    },
    message() {
      const kept = entries.filter((entry) => entry.kind !== "reasoning" || !broken.has(entry));
      const content = kept.flatMap(toContent);
      return content.length === 0 ? [] : [{ role: "assistant", content }];
    },
  };
}

function toContent(entry: Block | Call): Content {
  // The SDK types this as JSON; it is what the provider itself sent as JSON.
  const providerOptions = entry.metadata as ToolCallPart["providerOptions"];
  if (entry.kind === "call") {
    return [{ type: "tool-call", toolCallId: entry.callID, toolName: entry.tool, input: entry.input, providerOptions }];
  }
  // Providers refuse blank texts; a blank reasoning can carry a signature that they want back.
  if (entry.kind === "text" && entry.text.trim() === "") return [];
  return [{ type: entry.kind, text: entry.text, providerOptions }];
}
