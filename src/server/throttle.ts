/** How long passwords of an address wait after wrong ones came from it: nothing for the first few, then twice as long each time. */
export interface Throttle {
  /** Notes a failure; milliseconds that it has earned. */
  failed(address: string): number;
  /** Milliseconds that the next one has to wait. */
  wait(address: string): number;
  /** Forgets the failures of an address. */
  succeeded(address: string): void;
}

export interface ThrottleOptions {
  /** Failures that cost nothing: a typing error or two. */
  free: number;
  /** Milliseconds. */
  first: number;
  longest: number;
  /** Milliseconds without a failure after which an address starts anew. */
  memory: number;
  /** Addresses kept in mind; beyond them the one that failed longest ago is forgotten. */
  most: number;
}

const defaults: ThrottleOptions = { free: 5, first: 100, longest: 5_000, memory: 15 * 60_000, most: 10_000 };

export function createThrottle(options: Partial<ThrottleOptions> & { now?: () => number } = {}): Throttle {
  const { free, first, longest, memory, most, now = Date.now } = { ...defaults, ...options };
  // In the order of the newest failure.
  const failures = new Map<string, { count: number; last: number }>();
  const countOf = (address: string): number => {
    const known = failures.get(address);
    return known !== undefined && now() - known.last < memory ? known.count : 0;
  };
  const earned = (count: number) => (count <= free ? 0 : Math.min(longest, first * 2 ** (count - free - 1)));
  return {
    wait: (address) => earned(countOf(address) + 1),
    failed(address) {
      const count = countOf(address) + 1;
      failures.delete(address);
      failures.set(address, { count, last: now() });
      for (const oldest of failures.keys()) {
        if (failures.size <= most) break;
        failures.delete(oldest);
      }
      return earned(count);
    },
    succeeded: (address) => void failures.delete(address),
  };
}
