const texts = new WeakMap<object, string | undefined>();

/** Has the JSON of the object made once, when the first asks for it. It must not change any more. */
export function shareText(event: object): void {
  if (!texts.has(event)) texts.set(event, undefined);
}

/** The JSON of an object that has it shared, the same text for whoever asks; undefined for any other object. */
export function sharedText(event: object): string | undefined {
  if (!texts.has(event)) return undefined;
  const known = texts.get(event) ?? JSON.stringify(event);
  texts.set(event, known);
  return known;
}
