import { sharedText } from "../schema/event-text.ts";

interface Message {
  id: number | string | null;
  jsonrpc?: string;
  result: { type: "data"; id: string; data: { json: { id: string; data: object } } };
}

/** tRPC's frames as JSON; in those of a subscription the text of an event is that which all its readers get, not one for each. */
export const frameEncoder = {
  encode(frame: unknown): string {
    const text = isTracked(frame) ? sharedText(frame.result.data.json.data) : undefined;
    if (text === undefined) return JSON.stringify(frame);
    const { id, jsonrpc, result } = frame as Message;
    const head = JSON.stringify({ id, jsonrpc }).slice(0, -1);
    const cursor = JSON.stringify(result.id);
    return `${head},"result":{"type":"data","id":${cursor},"data":{"json":{"id":${cursor},"data":${text}}}}}`;
  },
  decode: (frame: string | ArrayBuffer | Uint8Array): unknown => JSON.parse(String(frame)),
};

function isTracked(frame: unknown): frame is Message {
  const { result } = (frame ?? {}) as Partial<Message>;
  const content: unknown = result?.type === "data" ? result.data?.json : undefined;
  return (
    typeof content === "object" &&
    content !== null &&
    "id" in content &&
    "data" in content &&
    typeof content.data === "object" &&
    content.data !== null
  );
}
