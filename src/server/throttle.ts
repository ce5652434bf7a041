/**
 * How long the answer to a wrong password is held back, by the address it came from: nothing for the first few, then twice as long each
 * time. Only wrong answers wait. A right one never does, whatever was tried before it: nobody can lock the owner out.
 */
export interface Throttle {
  /** Notes a failure; milliseconds to wait before it is answered. */
  failed(address: string): number;
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
  return {
    failed(address) {
      const known = failures.get(address);
      const count = known !== undefined && now() - known.last < memory ? known.count + 1 : 1;
      failures.delete(address);
      failures.set(address, { count, last: now() });
      for (const oldest of failures.keys()) {
        if (failures.size <= most) break;
        failures.delete(oldest);
      }
      return count <= free ? 0 : Math.min(longest, first * 2 ** (count - free - 1));
    },
    succeeded: (address) => void failures.delete(address),
  };
}
