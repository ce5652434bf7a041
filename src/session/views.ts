import { createLists } from "./all.ts";
import type { SessionOptions } from "./options.ts";
import { createOverviews } from "./overview.ts";
import { createSearch } from "./search.ts";
import type { SessionService } from "./session.ts";
import { createTimelines } from "./timeline.ts";

/** What is told of sessions and changes nothing. */
export function createViews(
  options: SessionOptions,
  service: Pick<SessionService, "status">,
): Pick<SessionService, "overview" | "all" | "search" | "timeline"> {
  return {
    ...createOverviews(options, service),
    ...createLists(options, service),
    ...createSearch(options),
    ...createTimelines(options),
  };
}
