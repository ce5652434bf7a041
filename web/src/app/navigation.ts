import type { IconName } from "../ui/icon.tsx";

export interface Place {
  to: "/" | "/inbox" | "/changes" | "/files" | "/timeline" | "/usage" | "/events" | "/api" | "/settings/{-$section}";
  title: string;
  icon: IconName;
  /** Two keys, one after the other. */
  keys: string;
  /** In the bar of a narrow screen too; the others are behind "More". */
  isMain?: boolean;
}

export const places: Place[] = [
  { to: "/", title: "Sessions", icon: "sessions", keys: "g s", isMain: true },
  { to: "/inbox", title: "Inbox", icon: "inbox", keys: "g i", isMain: true },
  { to: "/changes", title: "Changes", icon: "changes", keys: "g c", isMain: true },
  { to: "/files", title: "Files", icon: "files", keys: "g f", isMain: true },
  { to: "/timeline", title: "Timeline", icon: "timeline", keys: "g t" },
  { to: "/usage", title: "Usage", icon: "usage", keys: "g u" },
  { to: "/events", title: "Events", icon: "events", keys: "g e" },
  { to: "/api", title: "API", icon: "api", keys: "g a" },
  { to: "/settings/{-$section}", title: "Settings", icon: "settings", keys: "g ," },
];
