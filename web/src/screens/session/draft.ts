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
  /** The message that this very draft was sent as, when no answer came: whether it arrived is not known, and sent again it is the same message. */
  messageID?: string;
}

/** The draft with a change. What is written otherwise is another message. */
export function changed(draft: Draft, change: Partial<Draft>): Draft {
  const isRewritten = ["text", "mentions", "files"].some((field) => field in change);
  return { ...draft, ...(isRewritten && { messageID: undefined }), ...change };
}

export function isEmpty({ text, files }: Draft): boolean {
  return text.trim() === "" && files.length === 0;
}

/** What was sent in vain, before what is being written meanwhile. Alone it is the same message as before. */
export function givenBack(sent: Draft, draft: Draft): Partial<Draft> {
  const { text, files, mentions, messageID } = sent;
  if (isEmpty(draft)) return { text, files, mentions, messageID };
  const texts = [text, draft.text].filter((each) => each.trim() !== "");
  return { text: texts.join("\n\n"), files: [...files, ...draft.files], mentions: [...mentions, ...draft.mentions] };
}
