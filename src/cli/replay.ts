import { resolve } from "node:path";
import type { Cassette, CassetteChoice } from "../provider/provider.ts";
import type { Host } from "./env.ts";
import { Failure } from "./failure.ts";
import type { RunFlags } from "./flags.ts";

/** Throws Failure "usage" for flags about cassettes that cannot go together. */
export function checkCassetteFlags({ record, replay, attach }: Pick<RunFlags, "record" | "replay" | "attach">): void {
  if (record !== undefined && replay !== undefined) throw new Failure("usage", "--record and --replay exclude each other.");
  if (attach === undefined || (record ?? replay) === undefined) return;
  throw new Failure("usage", "--record and --replay need a server of their own; they have no place beside --attach.");
}

/** What a cassette is wanted for. */
export function cassetteOf(
  { record, replay }: Pick<RunFlags, "record" | "replay">,
  { directory }: Pick<Host, "directory">,
): CassetteChoice | undefined {
  if (record !== undefined) return { record: resolve(directory, record) };
  return replay === undefined ? undefined : { replay: resolve(directory, replay) };
}

/** Throws Failure "provider" when the agent asked for something else than was recorded; the differences go to stderr before. */
export function judgeReplay(cassette: Cassette | undefined, { stderr }: Pick<Host, "stderr">): void {
  const [first, ...others] = cassette?.mismatches() ?? [];
  if (first !== undefined) {
    for (const { details } of [first, ...others]) stderr.write(`${details}\n`);
    throw new Failure("provider", first.message);
  }
  const unused = cassette?.unused() ?? 0;
  if (unused > 0) stderr.write(`replay: ${unused} recorded ${unused === 1 ? "call was" : "calls were"} not asked for.\n`);
}
