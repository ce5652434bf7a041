import { type Entry, standing } from "../conversation.ts";
import type { State } from "../state.ts";
import { cleanLine, wrap } from "../text.ts";
import { type MessageCanvas, messageLines } from "./message.ts";

/** Drawn messages: an entry that did not change is not drawn again. */
const drawn = new WeakMap<Entry, MessageCanvas & { lines: string[] }>();

/** The whole session as lines. */
export function transcript({ conversation, url, connection }: State, canvas: MessageCanvas): string[] {
  const entries = standing(conversation);
  const messages = entries.map((entry) => linesOf(entry, canvas)).filter((lines) => lines.length > 0);
  const lines = messages.flatMap((message) => [...message, ""]);
  const undone = conversation.entries.length - entries.length;
  if (undone > 0)
    lines.push(
      ...wrap(`↶ ${undone} ${undone === 1 ? "message" : "messages"} undone; /redo in an empty prompt brings them back.`, canvas.width),
      "",
    );
  return lines.length > 0 ? lines.slice(0, -1) : welcome(url, connection.state === "open", canvas);
}

function linesOf(entry: Entry, canvas: MessageCanvas): string[] {
  const { width, theme, details } = canvas;
  const kept = drawn.get(entry);
  if (kept?.width === width && kept.theme === theme && kept.details === details) return kept.lines;
  const lines = messageLines(entry, canvas);
  drawn.set(entry, { ...canvas, lines });
  return lines;
}

function welcome(url: string, isOpen: boolean, { width, theme }: MessageCanvas): string[] {
  const place = `${isOpen ? "Connected to" : "Connecting to"} ${cleanLine(url)}`;
  const hint = "Write what is to be done and press Enter. / lists commands, Esc interrupts, Ctrl-C leaves.";
  return [...wrap(place, width).map(theme.bold), ...wrap(hint, width).map(theme.dim)];
}
