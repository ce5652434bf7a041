import type { StreamedEvent } from "../../../src/client/client.ts";

/** The session that an event is about, wherever it is told. */
export function sessionOf({ type, properties }: StreamedEvent["event"]): string | undefined {
  const { sessionID, info, part } = properties as Record<string, unknown>;
  const candidates = [
    sessionID,
    fieldOf(info, "sessionID"),
    fieldOf(part, "sessionID"),
    type.startsWith("session.") ? fieldOf(info, "id") : undefined,
  ];
  return candidates.find((candidate) => typeof candidate === "string");
}

function fieldOf(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null ? Reflect.get(value, name) : undefined;
}
