/** Drawn on a grid of 24 with a line of 2. */
const paths = {
  sessions: "M4 5h16v11H9l-5 4z",
  inbox: "M4 13V6l2-2h12l2 2v7M4 13v6h16v-6h-5l-2 3h-2l-2-3z",
  changes: "M12 4v9M7.5 8.5h9M7 19h10",
  files: "M4 6h6l2 2h8v11H4z",
  timeline: "M4 6h9M8 12h9M12 18h8",
  usage: "M5 20V12M12 20V5M19 20V9",
  events: "M3 12h4l3-7 4 14 3-7h4",
  api: "M9 8l-5 4 5 4M15 8l5 4-5 4",
  settings: "M5 7h9M18 7h1M5 17h1M10 17h9M16 5v4M8 15v4",
  more: "M5 12h.01M12 12h.01M19 12h.01",
  close: "M6 6l12 12M18 6L6 18",
  search: "M11 18a7 7 0 1 0 0-14 7 7 0 0 0 0 14zM20 20l-4-4",
  plus: "M12 5v14M5 12h14",
  stop: "M7 7h10v10H7z",
  send: "M12 19V5M6 11l6-6 6 6",
  check: "M5 12.5l4.5 4.5L19 7.5",
  warning: "M12 4l9 16H3zM12 10v4M12 17h.01",
  chevron: "M9 6l6 6-6 6",
  back: "M15 6l-6 6 6 6",
  copy: "M9 9h11v11H9zM15 9V4H4v11h5",
  trash: "M4 7h16M9 7V4h6v3M6 7l1 13h10l1-13",
  archive: "M4 5h16v4H4zM6 9v11h12V9M10 13h4",
  edit: "M4 20l1-5L16 4l4 4L9 19z",
  fork: "M6 4v10a4 4 0 0 0 4 4h8M6 8h6a4 4 0 0 1 4 4M15 15l3 3-3 3",
  undo: "M8 8H4V4M4 8c3-4 9-5 13-2s4 9 0 12-8 2-10 0",
  share: "M12 15V4M8 8l4-4 4 4M5 12v8h14v-8",
  download: "M12 4v11M8 11l4 4 4-4M5 20h14",
  attach: "M19 12l-7 7a4.5 4.5 0 0 1-6.500-6.500l8-8a3 3 0 0 1 4.300 4.300l-8 8a1.500 1.500 0 0 1-2.200-2.200l6.500-6.500",
  clock: "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM12 7v5l3 2",
  question: "M9 9a3 3 0 1 1 4.500 2.600c-1 .6-1.500 1.100-1.500 2.400M12 17h.01",
  tool: "M14 7a4 4 0 0 0-5 5l-5 5 3 3 5-5a4 4 0 0 0 5-5l-2.500 2.500-2.500-.5-.5-2.500z",
  sun: "M12 16a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM12 3v1M12 20v1M3 12h1M20 12h1M5.600 5.600l.7.7M17.700 17.700l.7.7M5.600 18.400l.7-.7M17.700 6.300l.7-.7",
  user: "M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM4 20c1-4 5-5 8-5s7 1 8 5",
  list: "M4 6h16M4 12h16M4 18h16",
};

export type IconName = keyof typeof paths;

/** A sign beside a word that says the same, so it is not read out. */
export function Icon({ name, className = "size-4" }: { name: IconName; className?: string }) {
  return (
    <svg
      viewBox="0 0 24 24"
      aria-hidden="true"
      className={`shrink-0 ${className}`}
      fill="none"
      stroke="currentColor"
      strokeWidth="2"
      strokeLinecap="round"
      strokeLinejoin="round"
    >
      <path d={paths[name]} />
    </svg>
  );
}
