import type { State } from "./state.ts";

export interface SlashCommand {
  name: string;
  description: string;
  /** The command of the terminal client that it stands for; undefined: the server runs it. */
  own?: string;
}

/** Those of the terminal client; the server's come from `command.list`. */
const own: SlashCommand[] = [
  { name: "new", description: "Begin a new session", own: "session.new" },
  { name: "sessions", description: "Choose a session", own: "session.list" },
  { name: "models", description: "Choose a model", own: "model.list" },
  { name: "agents", description: "Choose an agent", own: "agent.list" },
  { name: "undo", description: "Take back the last prompt and what it changed", own: "session.undo" },
  { name: "redo", description: "Bring back what was taken back", own: "session.redo" },
  { name: "compact", description: "Summarise the session", own: "session.compact" },
  { name: "share", description: "Share the session", own: "session.share" },
  { name: "unshare", description: "Share the session no longer", own: "session.unshare" },
  { name: "fork", description: "Go on in a copy of the session", own: "session.fork" },
  { name: "details", description: "Show or fold the outputs of tools", own: "tool.details" },
  { name: "help", description: "Show keys and commands", own: "help.show" },
  { name: "exit", description: "Leave", own: "app.exit" },
];

/** All that can be written after a slash; a command of the server does not hide one of ours. */
export function slashCommands({ commands }: State["catalogue"]): SlashCommand[] {
  const theirs = commands.filter(({ name }) => !own.some((one) => one.name === name));
  return [...own, ...theirs.map(({ name, description = "" }) => ({ name, description }))];
}

/** Those that fit what is written, while only the name is being written. */
export function suggestions({ editor, catalogue }: Pick<State, "editor" | "catalogue">): SlashCommand[] {
  const word = /^\/(\S*)$/.exec(editor.text)?.[1];
  if (word === undefined) return [];
  return slashCommands(catalogue)
    .filter(({ name }) => name.includes(word))
    .sort((a, b) => Number(b.name.startsWith(word)) - Number(a.name.startsWith(word)));
}

/** `/name words` as the command it calls; undefined for a text that calls none. */
export function readSlash(text: string, catalogue: State["catalogue"]): { command: SlashCommand; words: string } | undefined {
  const [, name, words = ""] = /^\/(\S+)(?:\s+([\s\S]*))?$/.exec(text.trim()) ?? [];
  const command = slashCommands(catalogue).find((one) => one.name === name);
  return command && { command, words };
}
