import { AppError } from "../schema/error.ts";
import { nearest } from "../schema/nearest.ts";
import type { TuiDialog } from "../schema/tui.ts";

/** What opens each dialog in OpenCode's terminal client. */
export const dialogs: Record<TuiDialog, string> = {
  help: "help.show",
  sessions: "session.list",
  themes: "theme.switch",
  models: "model.list",
};

const commands = [
  ...Object.values(dialogs),
  ...["session.new", "session.share", "session.unshare", "session.rename", "session.timeline", "session.fork", "session.compact"],
  ...["session.interrupt", "session.undo", "session.redo", "session.export", "session.copy", "session.sidebar.toggle"],
  ...["session.page.up", "session.page.down", "session.line.up", "session.line.down", "session.half.page.up", "session.half.page.down"],
  ...["session.first", "session.last", "session.parent", "session.child.next", "session.child.previous"],
  ...["messages.copy", "model.cycle_recent", "model.cycle_recent_reverse", "agent.list", "agent.cycle", "agent.cycle.reverse"],
  ...["variant.cycle", "mcp.list", "provider.connect", "opencode.status", "theme.switch_mode", "docs.open", "app.exit"],
  ...["prompt.clear", "prompt.submit", "prompt.editor", "prompt.skills", "prompt.stash", "terminal.suspend", "command.list"],
];

const plain = (name: string): string => name.replaceAll("_", ".");
const byPlainName = new Map(commands.map((name) => [plain(name), name]));

/**
 * The command as terminal clients know it; older spellings are understood (`session_new`, `messages_page_up`). Throws BadRequest that names the
 * nearest known one.
 */
export function knownCommand(name: string): string {
  const command = byPlainName.get(plain(name)) ?? byPlainName.get(plain(name).replace(/^messages\./, "session."));
  if (command !== undefined) return command;
  const near = nearest(name, commands);
  const hint = near === undefined ? "" : ` Did you mean ${near}?`;
  const message = `command: terminal clients know no command ${JSON.stringify(name)}.${hint} The commands are: ${commands.join(", ")}.`;
  throw new AppError("BadRequest", message, { kind: "Payload", field: "command", known: commands });
}
