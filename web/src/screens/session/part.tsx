import { memo } from "react";
import type { Part } from "../../../../src/client/client.ts";
import { Markdown } from "../../ui/markdown.tsx";
import { FileView } from "./file-view.tsx";
import { Reasoning } from "./reasoning.tsx";
import { ToolCard } from "./tool-card.tsx";

/** A part of an answer. What only the server needs is not shown. */
export const PartView = memo(function PartView({ part, directory }: { part: Part; directory: string }) {
  switch (part.type) {
    case "text":
      if (part.synthetic || part.ignored || part.text.trim() === "") return null;
      return <Markdown text={part.text} isOpen={part.time !== undefined && part.time.end === undefined} />;
    case "reasoning":
      return <Reasoning part={part} />;
    case "tool":
      return <ToolCard part={part} directory={directory} />;
    case "file":
      return <FileView file={part} />;
    case "retry":
      return (
        <p className="text-sm text-warn">
          Try {part.attempt} failed: {part.error.data.message}
        </p>
      );
    default:
      return null;
  }
});
