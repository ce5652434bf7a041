import { createInstance, type Instance, type InstanceOptions } from "./instance.ts";
import type { Watching } from "./watching.ts";

/** The instances by directory, each made once. */
export interface Instances extends AsyncDisposable {
  /** Throws what making it throws; one that could not be made is tried anew. */
  of(directory: string): Promise<Instance>;
  /**
   * The configuration has changed: the next use makes the instances anew. Turns that run keep the one they began with; what the new one has no use
   * for is ended when they are over. Nothing is said on the event streams, which stay open.
   */
  renew(concerns: (directory: string) => boolean): void;
  /** Ends an instance and, before that, by `stopTurns`, what runs in it. The next use makes a fresh one. */
  dispose(directory: string, stopTurns: () => Promise<void>): Promise<void>;
  /** Directories that have an instance. */
  list(): string[];
}

export interface InstancesOptions {
  shared: Omit<InstanceOptions, "directory" | "earlier">;
  /** The directory without symlinks. Throws ForbiddenError outside the roots, NotFoundError if there is none. */
  allowed(path: string): Promise<string>;
  /** Resolves when every turn that runs now is over. */
  turnsOver(): Promise<void>;
  watching: Pick<Watching, "made" | "gone">;
}

export function createInstances({ shared, allowed, turnsOver, watching }: InstancesOptions): Instances {
  const instances = new Map<string, Promise<Instance>>();
  /** What was renewed, until its successor is made. */
  const outdated = new Map<string, Promise<Instance>>();
  const retiring = new Set<Promise<unknown>>();

  async function make(directory: string): Promise<Instance> {
    const before = outdated.get(directory);
    const earlier = await before?.catch(() => undefined);
    const instance = await createInstance({ ...shared, directory, earlier });
    // It may have been outdated itself meanwhile.
    if (outdated.get(directory) === before) outdated.delete(directory);
    watching.made(instance);
    if (earlier !== undefined) later(turnsOver().then(() => earlier.parts.retire(instance.parts)));
    return instance;
  }

  function later(work: Promise<void>): void {
    const told = work.catch(shared.onError).finally(() => retiring.delete(told));
    retiring.add(told);
  }

  function start(directory: string): Promise<Instance> {
    const made = make(directory);
    instances.set(directory, made);
    made.catch(() => instances.get(directory) === made && instances.delete(directory));
    return made;
  }

  /** Takes an instance out, and the one it was to follow. */
  async function take(directory: string): Promise<Instance[]> {
    const taken = [instances.get(directory), outdated.get(directory)];
    instances.delete(directory);
    outdated.delete(directory);
    watching.gone(directory);
    const found = await Promise.all(taken.map((instance) => instance?.catch(() => undefined)));
    return found.filter((instance) => instance !== undefined);
  }

  const end = async (directory: string) => {
    for (const instance of await take(directory)) await instance[Symbol.asyncDispose]();
  };

  return {
    async of(path) {
      const directory = await allowed(path);
      return instances.get(directory) ?? start(directory);
    },
    renew(concerns) {
      for (const [directory, instance] of [...instances]) {
        if (!concerns(directory)) continue;
        instances.delete(directory);
        outdated.set(directory, instance);
      }
    },
    list: () => [...new Set([...instances.keys(), ...outdated.keys()])],
    async dispose(directory, stopTurns) {
      const taken = take(directory);
      await stopTurns();
      for (const instance of await taken) await instance[Symbol.asyncDispose]();
    },
    async [Symbol.asyncDispose]() {
      await Promise.all([...instances.keys(), ...outdated.keys()].map(end));
      await Promise.all(retiring);
    },
  };
}
