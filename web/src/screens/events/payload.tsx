import { getRouteApi, Link } from "@tanstack/react-router";
import { serverAddress } from "../../app/base.ts";
import { secretKind } from "../../app/login.ts";
import { Button, buttonClasses } from "../../ui/button.tsx";
import { copy } from "../../ui/copy.ts";
import { curlEvents } from "../../ui/curl.ts";
import { IconButton } from "../../ui/icon-button.tsx";
import { JsonTree } from "../../ui/json-tree.tsx";
import { Menu } from "../../ui/menu.tsx";
import { eventsSnippet } from "../../ui/snippets.ts";
import type { Entry } from "./record.ts";

/** Where the same stream is read by a program. */
const place = () => ({ url: serverAddress, secret: secretKind() });

const copies = (after: number) => [
  { title: "curl", run: () => copy(curlEvents({ after, directory: "all" }, place()), "as curl") },
  { title: "tRPC", run: () => copy(eventsSnippet({ after, directory: "all" }, place()), "as tRPC") },
];

/** Copies what a program needs to follow the events from here on. */
export function CopyEvents({ after }: { after: number }) {
  return <Menu trigger={<Button>Copy as…</Button>} items={copies(after)} />;
}

const route = getRouteApi("/events");

/** All of one event. */
export function Payload({ entry, onClose }: { entry: Entry; onClose(): void }) {
  const { event, position, sessionID } = entry;
  const navigate = route.useNavigate();
  const only = (search: { type?: string; session?: string }) => void navigate({ search: (before) => ({ ...before, ...search }) });
  return (
    <section
      aria-label={`The event ${event.type}`}
      className="flex max-h-[55%] min-h-0 w-full shrink-0 flex-col gap-2 overflow-auto border-line border-t p-4 md:max-h-none md:w-[26rem] md:border-t-0 md:border-l xl:w-[34rem]"
    >
      <div className="flex items-center gap-2">
        <h2 className="min-w-0 flex-1 truncate font-mono font-semibold text-sm">{event.type}</h2>
        <IconButton icon="close" label="Close the event" onClick={onClose} />
      </div>
      <div className="flex flex-wrap gap-2">
        <Button onClick={() => copy(JSON.stringify(event, null, 2), "the event")}>Copy JSON</Button>
        {/* From just before it, so that it is the first to come. */}
        <Menu trigger={<Button>Copy as…</Button>} items={copies(Math.max(0, position - 1))} />
        <Button onClick={() => only({ type: event.type })}>Only this type</Button>
        {sessionID !== undefined && <Button onClick={() => only({ session: sessionID })}>Only this session</Button>}
        {sessionID !== undefined && (
          <Link to="/session/$sessionID" params={{ sessionID }} className={buttonClasses()}>
            Open the session
          </Link>
        )}
      </div>
      <JsonTree key={entry.number} value={event} label="Payload" />
    </section>
  );
}
