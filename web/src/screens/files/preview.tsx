import { useQuery } from "@tanstack/react-query";
import { useApi } from "../../app/client.ts";
import { reasonOf } from "../../live/follow.ts";
import { copy } from "../../ui/copy.ts";
import { Empty } from "../../ui/empty.tsx";
import { IconButton } from "../../ui/icon-button.tsx";
import { Lines } from "../../ui/lines.tsx";
import { Spinner } from "../../ui/spinner.tsx";

/** A file as it is on disk. */
export function Preview({ directory, path, line }: { directory: string | undefined; path: string; line: number | undefined }) {
  const { data, error } = useQuery(useApi(directory).file.content.queryOptions({ path }));
  return (
    <section aria-label={path} className="flex min-h-0 min-w-0 flex-1 flex-col">
      <div className="flex items-center gap-2 border-line border-b px-4 py-1.5">
        <h2 className="min-w-0 flex-1 truncate font-mono text-xs" title={path}>
          {path}
        </h2>
        <IconButton icon="copy" label="Copy the path" onClick={() => copy(path)} />
      </div>
      {error !== null && (
        <Empty title="The file could not be read" role="alert">
          {reasonOf(error)}
        </Empty>
      )}
      {data === undefined && error === null && (
        <div className="p-4">
          <Spinner />
        </div>
      )}
      {data !== undefined && <Content {...data} path={path} line={line} />}
    </section>
  );
}

interface ContentProps {
  type: "text" | "binary";
  content: string;
  encoding?: "base64";
  mimeType?: string;
  path: string;
  line: number | undefined;
}

function Content({ type, content, encoding, mimeType = "", path, line }: ContentProps) {
  if (encoding === "base64" && mimeType.startsWith("image/"))
    return (
      <div className="flex-1 overflow-auto p-4">
        <img src={`data:${mimeType};base64,${content}`} alt={path} className="max-w-full rounded-md border border-line" />
      </div>
    );
  if (type === "binary") return <Empty title="Not a text">{mimeType || "A binary file."}</Empty>;
  if (content === "") return <Empty title="An empty file" />;
  return (
    <div className="min-h-0 flex-1">
      <Lines text={content} file={path} marked={line} />
    </div>
  );
}
