/** What an instance has that must be ended some day, by name, with what it was made from. */
export interface Parts extends AsyncDisposable {
  /**
   * The part of this name: taken over from an earlier instance when it was made from the same settings, otherwise made.
   * So a change of the configuration ends no connection and no process that it does not concern.
   */
  keep<Part extends AsyncDisposable>(name: string, settings: unknown, make: () => Part): Part;
  /** Ends what a later instance has not taken over. */
  retire(later: Parts): Promise<void>;
  readonly held: ReadonlyMap<string, Held>;
}

interface Held {
  settings: string;
  part: AsyncDisposable;
}

export function createParts(earlier: Parts | undefined): Parts {
  const held = new Map<string, Held>();
  const end = async (ended: Held[]) => {
    for (const { part } of ended.toReversed()) await part[Symbol.asyncDispose]();
  };
  return {
    held,
    keep<Part extends AsyncDisposable>(name: string, settings: unknown, make: () => Part): Part {
      const written = JSON.stringify(settings) ?? "";
      const known = earlier?.held.get(name);
      const part = known?.settings === written ? (known.part as Part) : make();
      held.set(name, { settings: written, part });
      return part;
    },
    async retire(later) {
      const taken = new Set([...later.held.values()].map(({ part }) => part));
      await end([...held.values()].filter(({ part }) => !taken.has(part)));
    },
    [Symbol.asyncDispose]: () => end([...held.values()]),
  };
}
