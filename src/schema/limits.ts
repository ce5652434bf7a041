import { z } from "zod";

/** What a server does at most at a time. Beyond it callers are answered 429, and turns wait for their place. */
export const Limits = z
  .object({
    turns: z
      .int()
      .positive()
      .optional()
      .meta({ description: "Turns that run at a time; others wait, by turns of their sessions. 16 unless told." }),
    queued: z.int().positive().optional().meta({ description: "Prompts that wait at a time, in all sessions. 10000 unless told." }),
    queuedPerSession: z.int().positive().optional().meta({ description: "Prompts that wait in one session. 1000 unless told." }),
    subscribers: z.int().positive().optional().meta({
      description: "Event streams, WebSockets and subscriptions on them that one token, or one address, has open. 256 unless told.",
    }),
    requestsPerSecond: z.int().positive().optional().meta({
      description: "Requests a second of one token, or one address, in the long run; five times as many at once. 1000 unless told.",
    }),
  })
  .meta({ id: "Limits" });
export type Limits = Required<z.infer<typeof Limits>>;

export const defaultLimits: Limits = { turns: 16, queued: 10_000, queuedPerSession: 1_000, subscribers: 256, requestsPerSecond: 1_000 };

/** With the defaults in place of what was not told. */
export function limitsOf(told: Partial<Limits> = {}): Limits {
  const given = Object.fromEntries(Object.entries(told).filter(([, value]) => value !== undefined));
  return { ...defaultLimits, ...given };
}
