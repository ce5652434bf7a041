import { realpath, stat } from "node:fs/promises";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { findPrompt } from "../../db/queries/prompt.ts";
import type { RenderedCommand } from "../command/command.ts";
import { AppError } from "../schema/error.ts";
import type { MessageWithParts, PartInput, PromptInput } from "../schema/prompt.ts";
import type { Session } from "../schema/session.ts";
import { knownSession } from "./known.ts";
import type { SessionOptions } from "./options.ts";
import { memoryPrompt } from "./remember.ts";
import type { CommandAnswer, SentCommand, SessionService } from "./session.ts";
import { scopeOf, type Workspace } from "./workspace.ts";

/** Slash commands: each is a prompt that a template has written. */
export function createCommandCalls(
  options: SessionOptions,
  { prompt: ask, ending }: Pick<SessionService, "prompt"> & { ending: AbortSignal },
): Pick<SessionService, "command" | "init"> {
  const { orm } = options.database;

  async function command(id: string, input: SentCommand, signal?: AbortSignal): Promise<CommandAnswer> {
    const session = await knownSession(orm, id);
    const { messageID } = input;
    // Sent before: what the template runs is not run again.
    if (messageID !== undefined && (await findPrompt(orm, messageID))) return answerOf(await ask(id, { messageID, parts: [] }, signal));
    const prompt = await promptOf(options, session, { ...input, ending });
    const answered = ask(id, { ...prompt, actor: input.actor }).then(async (answer) => {
      const properties = { name: input.command, sessionID: id, arguments: input.arguments, messageID: answer.info.id };
      await options.log.append([{ type: "command.executed", properties }], { scope: scopeOf(session) });
      return answerOf(answer);
    });
    if (signal === undefined) return answered;
    // Whether or not anybody still waits: what is refused then is nobody's to hear.
    answered.catch((error) => signal.aborted && !(error instanceof AppError) && options.onError?.(error));
    return unlessAborted(answered, signal);
  }

  return {
    command,
    async init(id, { messageID, providerID, modelID }, signal) {
      await command(id, { messageID, command: "init", arguments: "", model: `${providerID}/${modelID}` }, signal);
    },
  };
}

function answerOf({ info, parts }: MessageWithParts): CommandAnswer {
  if (info.role === "assistant") return { info, parts };
  throw new AppError("ConflictError", `The message ${info.id} is no command: nothing answers it.`, { resource: info.id });
}

/** The caller may stop waiting; the command goes on. */
async function unlessAborted<Result>(result: Promise<Result>, signal: AbortSignal): Promise<Result> {
  signal.throwIfAborted();
  const { promise, reject } = Promise.withResolvers<never>();
  const leave = (): void => reject(signal.reason);
  signal.addEventListener("abort", leave, { once: true });
  try {
    return await Promise.race([result, promise]);
  } finally {
    signal.removeEventListener("abort", leave);
  }
}

/** What a command says of agent and model counts before what the caller says: a client always names the ones it shows. */
async function promptOf(options: SessionOptions, session: Session, input: SentCommand & { ending: AbortSignal }): Promise<PromptInput> {
  const workspace = await options.workspace(session.directory);
  const action = workspace.commands.action(input.command);
  if (action !== undefined) {
    const { messageID, agent, model, variant, parts = [] } = input;
    return { messageID, agent, model, variant, parts: [...memoryPrompt(action, input.arguments), ...parts] };
  }
  const rendered = await workspace.commands.render(input.command, input.arguments, input.ending);
  const { command } = rendered;
  const agent = await workspace.agents.get(command.agent ?? input.agent ?? session.agent);
  const model = command.model ?? (command.agent === undefined ? undefined : agent.model) ?? input.model;
  const isSubtask = command.subtask ?? agent.mode === "subagent";
  const shared = { messageID: input.messageID, variant: command.variant ?? input.variant };
  const given: PartInput[] = input.parts ?? [];
  const mayRead = (path: string) => options.serves(path) && (input.mayRead?.(path) ?? true);
  const place = { session, workspace, rendered, mayRead };
  if (!isSubtask) return { ...shared, agent: agent.name, model, parts: [...(await partsOf(place)), ...given] };
  const ref = typeof model === "string" ? refOf(model) : model;
  const subtask: PartInput = {
    type: "subtask",
    agent: agent.name,
    description: command.description ?? command.name,
    command: command.name,
    prompt: rendered.text,
    ...(ref && { model: ref }),
  };
  return { ...shared, agent: input.agent, model: input.model, parts: [subtask, ...given] };
}

function refOf(model: string): { providerID: string; modelID: string } {
  const [providerID = "", ...rest] = model.split("/");
  return { providerID, modelID: rest.join("/") };
}

interface Rendering {
  session: Session;
  workspace: Workspace;
  rendered: RenderedCommand;
  mayRead(path: string): boolean;
}

/** The text, and what it names with `@`: files and directories that the sender may read, else agents. Anything else is just text. */
async function partsOf({ session, workspace, rendered, mayRead }: Rendering): Promise<PartInput[]> {
  const names = new Set([...rendered.text.matchAll(/(?<![\w`])@(\.?[^\s`,.]*(?:\.[^\s`,.]+)*)/g)].map(([, name = ""]) => name));
  names.delete("");
  const agents = new Set((await workspace.agents.list()).map(({ name }) => name));
  const named = [...names].map(async (name): Promise<PartInput[]> => {
    const file = await fileNamed(session, name, mayRead);
    if (file !== undefined) return [file];
    return agents.has(name) ? [{ type: "agent", name }] : [];
  });
  const attachments = rendered.attachments.map((file): PartInput => ({ type: "file", ...file }));
  return [{ type: "text", text: rendered.text }, ...(await Promise.all(named)).flat(), ...attachments];
}

async function fileNamed(session: Session, name: string, mayRead: Rendering["mayRead"]): Promise<PartInput | undefined> {
  const path = resolve(session.directory, name);
  const real = await realpath(path).catch(() => undefined);
  if (real === undefined || !mayRead(real)) return undefined;
  const mime = (await stat(real)).isDirectory() ? "application/x-directory" : "text/plain";
  return { type: "file", mime, filename: name, url: pathToFileURL(path).href };
}
