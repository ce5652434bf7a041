/**
 * Several writers, one ordered stream, one reader. Nothing is lost and nothing blocks a writer: the queue holds what the reader
 * has not taken yet. A value counts as handled when the reader comes back for the next one, so a writer can wait until what it
 * said was dealt with (saved, say) before it acts on it.
 */
export interface Channel<Value> extends AsyncIterable<Value> {
  push(...values: Value[]): void;
  /** The value is made when the reader takes it: what changes while it waits is collapsed into it. */
  pushLatest(make: () => Value): void;
  /** Resolves when the reader has handled the value, or will never handle it because it left. */
  deliver(value: Value): Promise<void>;
  /** No more values come; the reader ends after the queued ones. */
  close(): void;
}

export function createChannel<Value>(): Channel<Value> {
  const queue: { make: () => Value; handled: () => void }[] = [];
  let wake: (() => void) | undefined;
  let closed = false;
  let abandoned = false;

  const enqueue = (make: () => Value, handled: () => void): void => {
    if (abandoned) handled();
    else queue.push({ make, handled });
    wake?.();
  };

  const abandon = (): void => {
    abandoned = true;
    for (const entry of queue.splice(0)) entry.handled();
  };

  async function* read(): AsyncGenerator<Value> {
    let current: { handled: () => void } | undefined;
    try {
      for (;;) {
        const entry = queue.shift();
        if (entry) {
          current = entry;
          yield entry.make();
          entry.handled();
        } else if (closed) return;
        else await new Promise<void>((resolve) => (wake = resolve));
      }
    } finally {
      current?.handled();
      abandon();
    }
  }

  return {
    push(...values) {
      for (const value of values) enqueue(() => value, ignore);
    },
    pushLatest: (make) => enqueue(make, ignore),
    deliver: (value) => new Promise((resolve) => enqueue(() => value, resolve)),
    close() {
      closed = true;
      wake?.();
    },
    [Symbol.asyncIterator]: read,
  };
}

function ignore(): void {}
