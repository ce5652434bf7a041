import type { ClipboardEvent, DragEvent } from "react";
import { toast } from "../../app/toasts.ts";
import { type Attachment, changeDraft, draftOf } from "./drafts.ts";

/** Of one file, in bytes: what the server takes in a call, less what the encoding adds. */
const most = 20 * 1024 * 1024;

/** Puts the files beside what is being written. */
export async function attach(sessionID: string, files: Iterable<File>): Promise<void> {
  for (const file of files) {
    if (file.size > most) {
      toast(`${file.name} is larger than 20 MB. Put it into the project's directory and name it with @.`, { tone: "danger" });
      continue;
    }
    const attachment = await read(file);
    changeDraft(sessionID, { files: [...draftOf(sessionID).files, attachment] });
  }
}

export function detach(sessionID: string, id: string): void {
  changeDraft(sessionID, { files: draftOf(sessionID).files.filter((file) => file.id !== id) });
}

/** Takes files out of a paste or a drop; everything else is left to the browser. */
export function takeFiles(sessionID: string, event: ClipboardEvent | DragEvent): void {
  const { files } = "clipboardData" in event ? event.clipboardData : event.dataTransfer;
  if (files.length === 0) return;
  event.preventDefault();
  void attach(sessionID, [...files]);
}

function read(file: File): Promise<Attachment> {
  const { promise, resolve, reject } = Promise.withResolvers<Attachment>();
  const reader = new FileReader();
  const mime = mimeOf(file);
  reader.onerror = () => reject(reader.error);
  reader.onload = () => {
    const url = String(reader.result).replace(/^data:[^;,]*/, `data:${mime}`);
    resolve({ id: `${Date.now()}-${file.name}-${file.size}`, mime, filename: file.name, url });
  };
  reader.readAsDataURL(file);
  return promise;
}

/** Browsers know few sources by their type, and call some of them films. */
function mimeOf({ type, name }: File): string {
  if (/\.(ts|tsx|mts|cts|js|jsx|json|md|yml|yaml|toml|py|rs|go|sh|css|csv|log|txt)$/i.test(name)) return "text/plain";
  return type === "" ? "text/plain" : type;
}
