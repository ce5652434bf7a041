import { createRootRouteWithContext, createRoute, createRouter, lazyRouteComponent } from "@tanstack/react-router";
import type { Live } from "../live/live.ts";
import { Empty } from "../ui/empty.tsx";
import { pagePath } from "./base.ts";
import { ScreenFault } from "./screen-fault.tsx";
import { searches } from "./screens.ts";
import { Shell } from "./shell.tsx";

interface Context {
  live: Live;
}

const root = createRootRouteWithContext<Context>()({ component: Shell, notFoundComponent: NotFound });
const at = <Path extends string>(path: Path) => ({ getParentRoute: () => root, path });

const sessions = createRoute({
  ...at("/"),
  validateSearch: searches.sessions,
  component: lazyRouteComponent(() => import("../screens/sessions/sessions.tsx"), "Sessions"),
});
const inbox = createRoute({
  ...at("/inbox"),
  validateSearch: searches.inbox,
  component: lazyRouteComponent(() => import("../screens/inbox/inbox.tsx"), "Inbox"),
});
const session = createRoute({
  ...at("/session/$sessionID"),
  validateSearch: searches.session,
  // The conversation and the screen for it come at once, and not one after the other.
  loader: ({ context: { live }, params: { sessionID } }) => live.loadAhead(sessionID),
  component: lazyRouteComponent(() => import("../screens/session/session.tsx"), "Session"),
});
const changes = createRoute({
  ...at("/changes"),
  validateSearch: searches.changes,
  component: lazyRouteComponent(() => import("../screens/changes/changes.tsx"), "Changes"),
});
const files = createRoute({
  ...at("/files"),
  validateSearch: searches.files,
  component: lazyRouteComponent(() => import("../screens/files/files.tsx"), "Files"),
});
const timeline = createRoute({
  ...at("/timeline"),
  validateSearch: searches.timeline,
  component: lazyRouteComponent(() => import("../screens/timeline/timeline.tsx"), "Timeline"),
});
const usage = createRoute({
  ...at("/usage"),
  validateSearch: searches.usage,
  component: lazyRouteComponent(() => import("../screens/usage/usage.tsx"), "Usage"),
});
const events = createRoute({
  ...at("/events"),
  validateSearch: searches.events,
  component: lazyRouteComponent(() => import("../screens/events/events.tsx"), "Events"),
});
const api = createRoute({
  ...at("/api"),
  validateSearch: searches.api,
  component: lazyRouteComponent(() => import("../screens/api/api.tsx"), "Api"),
});
const settings = createRoute({
  ...at("/settings/{-$section}"),
  validateSearch: searches.settings,
  component: lazyRouteComponent(() => import("../screens/settings/settings.tsx"), "Settings"),
});

export const router = createRouter({
  routeTree: root.addChildren([sessions, inbox, session, changes, files, timeline, usage, events, api, settings]),
  basepath: pagePath,
  // Given by who renders it.
  context: { live: undefined as unknown as Live },
  defaultPreload: "intent",
  defaultErrorComponent: ScreenFault,
  // Plain texts: JSON in addresses would turn a search for 12 into a number.
  parseSearch: (search) => Object.fromEntries(new URLSearchParams(search)),
  stringifySearch: (search) => {
    const given = Object.entries(search).filter(([, value]) => value !== undefined && value !== "");
    return given.length === 0 ? "" : `?${new URLSearchParams(given.map(([name, value]) => [name, String(value)]))}`;
  },
});

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}

function NotFound() {
  return <Empty title="There is nothing here">The address leads to no screen of the interface.</Empty>;
}
