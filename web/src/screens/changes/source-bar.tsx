import { useNavigate } from "@tanstack/react-router";
import { useConversation, useLive, useSession, useSessions } from "../../live/hooks.ts";
import type { State } from "../../live/live.ts";
import { Choice } from "../../ui/choice.tsx";
import { inputClasses } from "../../ui/field.tsx";
import { nameOf } from "../../ui/paths.ts";
import type { Search } from "./source.ts";

/** Chooses what is compared: a session or a checkout, a turn of it, against what. */
export function SourceBar({ search, directory }: { search: Search; directory: string }) {
  const navigate = useNavigate();
  const go = (next: Search) => void navigate({ to: "/changes", search: { view: search.view, ...next }, replace: true });
  const { session } = search;
  const against = search.against ?? (session === undefined ? "head" : "session");
  const own = session === undefined ? [] : [{ value: "session", title: "Session" }];
  return (
    <div className="flex flex-wrap items-center gap-2 border-line border-b px-4 py-2">
      <SessionPicker session={session} directory={directory} onPick={go} />
      <Choice
        label="Compared with"
        value={against}
        onChange={(next) => go({ session, directory: session === undefined ? search.directory : undefined, against: next })}
        options={[...own, { value: "head", title: "Newest commit" }, { value: "branch", title: "Default branch" }]}
      />
      {session !== undefined && against === "session" && <TurnPicker session={session} message={search.message} onPick={go} />}
    </div>
  );
}

interface PickerProps {
  session: string | undefined;
  directory: string;
  onPick(next: Search): void;
}

function SessionPicker({ session, directory, onPick }: PickerProps) {
  const sessions = useSessions().filter(({ parentID, time }) => parentID === undefined && time.archived === undefined);
  const current = useSession(session ?? "");
  const listed = current === undefined || sessions.includes(current) ? sessions : [current, ...sessions];
  const directories = [...new Set([directory, "", ...sessions.map((each) => each.directory)])];
  const pick = (value: string) => onPick(value.startsWith("ses_") ? { session: value } : { directory: value.slice(1) || undefined });
  return (
    <select
      aria-label="Session or checkout"
      value={session ?? `/${directory}`}
      onChange={({ target }) => pick(target.value)}
      className={`${inputClasses} max-w-72`}
    >
      <optgroup label="Checkouts">
        {directories.map((each) => (
          <option key={each} value={`/${each}`}>
            {each === "" ? "The server's directory" : nameOf(each)}
          </option>
        ))}
      </optgroup>
      <optgroup label="Sessions">
        {listed.map(({ id, title }) => (
          <option key={id} value={id}>
            {title}
          </option>
        ))}
      </optgroup>
    </select>
  );
}

function TurnPicker({ session, message, onPick }: { session: string; message: string | undefined; onPick(next: Search): void }) {
  useConversation(session);
  const turns = useLive((state) => turnsOf(state, session).join("\n"));
  const known =
    turns === ""
      ? []
      : turns.split("\n").map((line) => ({ id: line.slice(0, line.indexOf(" ")), title: line.slice(line.indexOf(" ") + 1) }));
  return (
    <select
      aria-label="Turn"
      value={message ?? ""}
      onChange={({ target }) => onPick({ session, message: target.value || undefined })}
      className={`${inputClasses} max-w-56`}
    >
      <option value="">All turns</option>
      {known.map(({ id, title }, at) => (
        <option key={id} value={id}>
          {`${at + 1}. ${title}`}
        </option>
      ))}
    </select>
  );
}

/** `msg_… what was asked`, oldest first: a text each, since those are compared by what they are. */
function turnsOf(state: State, sessionID: string): string[] {
  const conversation = state.conversations[sessionID];
  const prompts = conversation?.order.filter((id) => conversation.infos[id]?.role === "user") ?? [];
  return prompts.map((id) => `${id} ${textOf(state, sessionID, id).replace(/\s+/g, " ").slice(0, 60)}`);
}

function textOf(state: State, sessionID: string, messageID: string): string {
  const parts = state.conversations[sessionID]?.parts[messageID] ?? [];
  return parts
    .map((part) => (part.type === "text" && !part.synthetic ? part.text : ""))
    .join(" ")
    .trim();
}
