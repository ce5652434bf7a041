import { type Editor, emptyEditor } from "./editor.ts";

export interface Item {
  value: string;
  label: string;
  /** Beside the label, dimmed. */
  hint?: string;
}

export type PickerKind = "sessions" | "models" | "agents" | "help";

/** A list to choose from, narrowed by what is typed. */
export interface Picker {
  kind: PickerKind;
  title: string;
  items: Item[];
  filter: Editor;
  index: number;
}

export const openPicker = (kind: PickerKind, title: string, items: Item[]): Picker => ({
  kind,
  title,
  items,
  filter: emptyEditor(),
  index: 0,
});

/** The items that hold every word typed. */
export function matches({ items, filter }: Pick<Picker, "items" | "filter">): Item[] {
  const words = filter.text.toLowerCase().split(/\s+/).filter(Boolean);
  return items.filter(({ label, hint = "", value }) => {
    const text = `${label} ${hint} ${value}`.toLowerCase();
    return words.every((word) => text.includes(word));
  });
}

export const chosen = (picker: Picker): Item | undefined => matches(picker)[picker.index];

export function step(picker: Picker, by: number): Picker {
  const count = matches(picker).length;
  return { ...picker, index: count === 0 ? 0 : (picker.index + by + count) % count };
}

export const narrow = (picker: Picker, filter: Editor): Picker => ({ ...picker, filter, index: 0 });
