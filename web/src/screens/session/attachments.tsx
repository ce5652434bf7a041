import { useRef } from "react";
import { IconButton } from "../../ui/icon-button.tsx";
import { attach, detach } from "./attaching.ts";
import { useDraft } from "./drafts.ts";
import { FileView } from "./file-view.tsx";

/** The files that go with the next prompt. */
export function Attachments({ sessionID }: { sessionID: string }) {
  const { files } = useDraft(sessionID);
  if (files.length === 0) return null;
  return (
    <ul aria-label="Attached files" className="flex flex-wrap gap-2 px-1 pb-2">
      {files.map((file) => (
        <li key={file.id} className="flex max-w-48 items-center gap-1 [&_img]:max-h-16">
          <FileView file={file} />
          <IconButton icon="close" label={`Remove ${file.filename}`} onClick={() => detach(sessionID, file.id)} />
        </li>
      ))}
    </ul>
  );
}

export function AttachButton({ sessionID }: { sessionID: string }) {
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <input
        ref={input}
        type="file"
        multiple
        hidden
        aria-label="Files to attach"
        onChange={(event) => {
          void attach(sessionID, [...(event.target.files ?? [])]);
          event.target.value = "";
        }}
      />
      <IconButton icon="attach" label="Attach files" onClick={() => input.current?.click()} />
    </>
  );
}
