export interface Attachment {
  id: string;
  mime: string;
  filename: string;
  /** `data:…;base64,…` */
  url: string;
}

/** What is being written to a session. */
export interface Draft {
  text: string;
  /** Names behind an @ that stand for a file or an agent. */
  mentions: readonly { type: "file" | "agent"; name: string }[];
  /** Chosen for the next prompts; the session's unless told. */
  agent?: string;
  model?: { providerID: string; modelID: string };
  variant?: string;
  /** What becomes of a prompt to a session that works. */
  queue: "join" | "queue" | "interrupt";
  /** Not kept over a reload: they may be larger than what the browser keeps. */
  files: readonly Attachment[];
}
