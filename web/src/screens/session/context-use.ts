import type { Message } from "../../../../src/client/client.ts";

export interface ContextUse {
  tokens: number;
  providerID: string;
  modelID: string;
}

/** What the last answer told of the context's size: all that was read and written by it. Undefined before the first. `infos`: in any order. */
export function contextUse(infos: readonly Message[]): ContextUse | undefined {
  let newest: Extract<Message, { role: "assistant" }> | undefined;
  for (const info of infos) {
    if (info.role !== "assistant" || totalOf(info.tokens) === 0) continue;
    if (newest === undefined || info.time.created >= newest.time.created) newest = info;
  }
  return newest && { tokens: totalOf(newest.tokens), providerID: newest.providerID, modelID: newest.modelID };
}

function totalOf({ total, input, output, reasoning, cache }: Extract<Message, { role: "assistant" }>["tokens"]): number {
  return total ?? input + output + reasoning + cache.read + cache.write;
}
