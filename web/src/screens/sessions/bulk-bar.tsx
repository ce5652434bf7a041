import { Button } from "../../ui/button.tsx";
import { Icon } from "../../ui/icon.tsx";
import { IconButton } from "../../ui/icon-button.tsx";
import { counted } from "./use-bulk.ts";

interface BulkBarProps {
  count: number;
  isArchive: boolean;
  isRunning: boolean;
  onAll(): void;
  onClear(): void;
  onBeside(): void;
  onTags(): void;
  onArchive(): void;
  onDelete(): void;
}

/** What can be done with the sessions that are selected. */
export function BulkBar({ count, isArchive, isRunning, onAll, onClear, onBeside, onTags, onArchive, onDelete }: BulkBarProps) {
  return (
    <section aria-label="Selected sessions" className="flex flex-wrap items-center gap-2 border-line border-b bg-sunken px-4 py-1.5">
      <IconButton icon="close" label="Select none" onClick={onClear} />
      <span className="mr-auto">{counted(count)} selected</span>
      <Button variant="quiet" onClick={onAll}>
        All
      </Button>
      <Button onClick={onBeside}>Side by side</Button>
      <Button disabled={isRunning} onClick={onTags}>
        Tags…
      </Button>
      <Button disabled={isRunning} onClick={onArchive}>
        <Icon name="archive" /> {isArchive ? "Out of the archive" : "Archive"}
      </Button>
      <Button variant="danger" disabled={isRunning} onClick={onDelete}>
        <Icon name="trash" /> Delete…
      </Button>
    </section>
  );
}
