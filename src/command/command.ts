import type { Command } from "../schema/agent.ts";
import type { Config } from "../schema/config.ts";
import { AppError } from "../schema/error.ts";
import initTemplate from "./init.md";
import reviewTemplate from "./review.md";
import { createTemplate, hintsOf, words } from "./template.ts";

/**
 * The slash commands of one directory: built in (`init`, `review`, `remember`, `recall`), configured (JSON and Markdown), and those of other services, such as
 * the prompts of MCP servers. A configured one wins over a built-in one of the same name, both over a service's.
 */
export interface CommandService {
  /** By name. */
  list(): Promise<Command[]>;
  /**
   * What a command comes to with these arguments: `$ARGUMENTS` and `$1`, `$2` … filled in (the last takes what is left; a template without any gets the
   * arguments at its end), `` !`command` `` replaced by what the command prints. What stands in the arguments is never run.
   * Throws NotFoundError that lists the known commands, BadRequest where a command of a service lacks an argument.
   */
  render(name: string, given: string, signal?: AbortSignal): Promise<RenderedCommand>;
  /** What a built-in command does by itself, without a model; undefined for every other, also for one of the user's of that name. */
  action(name: string): "remember" | "recall" | undefined;
}

export interface RenderedCommand {
  command: Command & { variant?: string };
  text: string;
  /** Files that come with it beside those that `@name` in the text names. */
  attachments: Attachment[];
}

export interface Attachment {
  mime: string;
  url: string;
  filename?: string;
}

/** Commands that somebody else has. */
export interface CommandSource {
  /** `arguments`: their names, in the order in which words fill them. */
  commands(): Promise<{ name: string; description?: string; source: "mcp" | "skill"; arguments: { name: string }[] }[]>;
  renderPrompt(name: string, input: Record<string, string>): Promise<{ text: string; attachments: Attachment[] }[]>;
}

export interface CommandOptions {
  config: Pick<Config, "command">;
  /** The root of the checkout, which the built-in templates name. */
  worktree: string;
  sources: CommandSource[];
  /** Runs a shell command of a template and resolves with what it printed; rejects with the signal's reason. The templates it gets come from places that are trusted. */
  run(command: string, signal?: AbortSignal): Promise<string>;
}

export function createCommands(options: CommandOptions): CommandService {
  const own = ownCommands(options);

  async function fromSources(): Promise<{ command: Command; source: CommandSource; arguments: string[] }[]> {
    const lists = await Promise.all(options.sources.map(async (source) => ({ source, commands: await source.commands() })));
    return lists.flatMap(({ source, commands }) =>
      commands.map(({ arguments: given, ...command }) => ({
        source,
        arguments: given.map(({ name }) => name),
        command: { ...command, template: "", hints: given.map((_, index) => `$${index + 1}`) },
      })),
    );
  }

  return {
    action: (name) => ((name === "remember" || name === "recall") && options.config.command?.[name] === undefined ? name : undefined),
    async list() {
      const others = (await fromSources()).map(({ command }) => command).filter(({ name }) => !own.has(name));
      const listed = [...own.values()].map(({ variant: _, ...command }) => command);
      return [...listed, ...others].sort((one, other) => (one.name < other.name ? -1 : 1));
    },
    async render(name, given, signal) {
      const command = own.get(name);
      if (command !== undefined) {
        const text = await createTemplate(command.template, (line) => options.run(line, signal))(given);
        return { command, text, attachments: [] };
      }
      const other = (await fromSources()).find((candidate) => candidate.command.name === name);
      if (other === undefined)
        throw notFound(
          name,
          (await this.list()).map((known) => known.name),
        );
      const messages = await other.source.renderPrompt(name, fill(other.arguments, given));
      const text = messages.map((message) => message.text).filter((part) => part !== "");
      return { command: other.command, text: text.join("\n\n"), attachments: messages.flatMap(({ attachments }) => attachments) };
    },
  };
}

function ownCommands({ config, worktree }: CommandOptions): Map<string, RenderedCommand["command"]> {
  const builtin = {
    init: { description: "Write an AGENTS.md for this project, or bring it up to date", template: initTemplate },
    remember: { description: "Remember a text for later sessions: TYPE: text", template: "/remember $ARGUMENTS" },
    recall: { description: "Recall what was remembered: --type TYPE --recent N words", template: "/recall $ARGUMENTS" },
    review: {
      description: "Review changes: those not committed, a commit, a branch or a pull request",
      template: reviewTemplate,
      subtask: true,
    },
  };
  const defined = { ...builtin, ...config.command };
  return new Map(
    Object.entries(defined).map(([name, command]) => {
      const template = command.template.trim().replaceAll("{worktree}", name in builtin ? worktree : "{worktree}");
      return [name, { ...command, name, source: "command" as const, template, hints: hintsOf(template) }];
    }),
  );
}

/** Words fill arguments in their order; the last takes what is left. */
function fill(names: string[], given: string): Record<string, string> {
  const each = words(given);
  const entries = names.slice(0, each.length).map((name, index) => {
    const isLast = index === names.length - 1;
    return [name, isLast ? each.slice(index).join(" ") : (each[index] ?? "")] as const;
  });
  return Object.fromEntries(entries);
}

function notFound(name: string, known: string[]): AppError {
  return new AppError("NotFoundError", `There is no command ${JSON.stringify(name)}. The commands are: ${known.join(", ")}.`, {
    name,
    known,
  });
}
