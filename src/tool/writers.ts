/** Writes to the same file wait for each other, whichever session they come from: a file belongs to the machine. */
const writers = new Map<string, Promise<unknown>>();

/** Runs the work when nobody else of this process writes to any of the files, and keeps others waiting meanwhile. */
export async function alone<Result>(files: string[], work: () => Promise<Result>): Promise<Result> {
  const names = [...new Set(files)];
  // All places in the queues are taken at once, so that two groups of files never wait for each other.
  const before = Promise.allSettled(names.map((name) => writers.get(name)));
  const mine = before.then(work);
  for (const name of names) writers.set(name, mine);
  try {
    return await mine;
  } finally {
    for (const name of names) if (writers.get(name) === mine) writers.delete(name);
  }
}
