import { Link } from "@tanstack/react-router";
import { useLive } from "../../live/hooks.ts";
import { Badge } from "../../ui/badge.tsx";
import { Code } from "../../ui/code.tsx";
import { Icon, type IconName } from "../../ui/icon.tsx";
import { Spinner } from "../../ui/spinner.tsx";
import { Duration } from "../../ui/time.tsx";
import { FileView } from "./file-view.tsx";
import { Fold } from "./fold.tsx";
import { Subagent } from "./subagent.tsx";
import {
  changedFiles,
  subagentOf,
  type ToolPart,
  toolDiff,
  toolInput,
  toolName,
  toolOutput,
  toolState,
  toolSummary,
} from "./tool-words.ts";

/** A call of a tool: what was called, how it stands, and, unfolded, its input and output. */
export function ToolCard({ part, directory }: { part: ToolPart; directory: string }) {
  const { id, tool, state } = part;
  const child = subagentOf(state);
  const title = (
    <>
      <span className="shrink-0 font-medium">{toolName(tool)}</span>
      <span className="min-w-0 flex-1 truncate font-mono text-muted text-xs">{toolSummary(part)}</span>
      <State part={part} />
    </>
  );
  return (
    <Fold
      id={id}
      title={title}
      isOpen={state.status === "running" && toolOutput(state) !== ""}
      className="my-0.5 rounded-lg border border-line px-2"
    >
      <Content part={part} />
      {child !== undefined && <Subagent sessionID={child} />}
      <Changes part={part} directory={directory} />
    </Fold>
  );
}

const icons: Record<string, IconName> = { done: "check", failed: "warning", denied: "close", waiting: "clock" };
const tones: Record<string, string> = {
  done: "text-ok",
  failed: "text-danger",
  denied: "text-warn",
  waiting: "text-muted",
  running: "text-muted",
};

/** Sign, word, exit code and duration. */
function State({ part }: { part: ToolPart }) {
  const { state } = part;
  const isAsking = useIsAsking(part);
  const { word, exit } = toolState(state);
  if (isAsking) return <Badge tone="accent">needs an answer</Badge>;
  const icon = icons[word];
  return (
    <span className={`flex shrink-0 items-center gap-1 text-xs ${tones[word]}`}>
      {icon === undefined ? <Spinner label="" className="size-3" /> : <Icon name={icon} className="size-3.5" />}
      {word}
      {exit !== undefined && exit !== 0 && <span>· exit {exit}</span>}
      {"time" in state && (
        <span className="text-muted">
          · <Duration start={state.time.start} end={"end" in state.time ? state.time.end : undefined} />
        </span>
      )}
    </span>
  );
}

/** Whether a person is awaited: for the call itself, or in the sub-agent that it started. */
function useIsAsking({ callID, state }: ToolPart): boolean {
  const child = subagentOf(state);
  const isOurs = ({ sessionID, tool }: { sessionID: string; tool?: { callID: string } }) => tool?.callID === callID || sessionID === child;
  return useLive(({ permissions, questions }) => state.status === "running" && (permissions.some(isOurs) || questions.some(isOurs)));
}

function Content({ part }: { part: ToolPart }) {
  const input = toolInput(part);
  const output = toolOutput(part.state);
  const diff = toolDiff(part.state);
  const { exit } = toolState(part.state);
  return (
    <div className="pb-1">
      {diff === undefined && input !== undefined && (
        <div className="max-h-80 overflow-y-auto">
          <Code {...input} />
        </div>
      )}
      {diff !== undefined && <Code code={diff} language="diff" />}
      {output !== "" && diff === undefined && (
        <div className="max-h-80 overflow-y-auto">
          <Code code={output} isOpen={part.state.status === "running"} />
        </div>
      )}
      {exit !== undefined && <p className="text-muted text-xs">Exit code {exit}</p>}
      {part.state.status === "completed" && part.state.attachments?.map((file) => <FileView key={file.id} file={file} />)}
    </div>
  );
}

/** Links to what the call changed. */
function Changes({ part, directory }: { part: ToolPart; directory: string }) {
  const { sessionID: session, messageID: message } = part;
  return changedFiles(part, directory).map((file) => (
    <Link
      key={file}
      to="/changes"
      search={{ session, message, file }}
      className="mr-3 mb-2 inline-flex min-h-8 items-center gap-1 text-accent text-sm underline touch:min-h-11"
    >
      <Icon name="changes" className="size-3.5" /> Changes of {file}
    </Link>
  ));
}
