import { Icon } from "../../ui/icon.tsx";

interface ShownFile {
  mime: string;
  url: string;
  filename?: string;
}

/** A file that was given or made: a picture as one, everything else by its name. */
export function FileView({ file: { mime, url, filename } }: { file: ShownFile }) {
  const name = filename ?? mime;
  if (mime.startsWith("image/") && url.startsWith("data:"))
    return (
      <a href={url} download={name} title={`Save ${name}`} className="block w-fit">
        <img src={url} alt={name} className="max-h-64 max-w-full rounded-lg border border-line" />
      </a>
    );
  const look = "inline-flex min-h-7 w-fit max-w-full items-center gap-1.5 rounded-md border border-line px-2 text-xs";
  const content = (
    <>
      <Icon name="files" className="size-3.5 text-muted" />
      <span className="truncate">{name}</span>
    </>
  );
  if (!url.startsWith("data:")) return <span className={look}>{content}</span>;
  return (
    <a href={url} download={name} title={`Save ${name}`} className={look}>
      {content}
    </a>
  );
}
