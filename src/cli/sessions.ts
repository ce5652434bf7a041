import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import type { MessageWithParts } from "../schema/prompt.ts";
import type { Session } from "../schema/session.ts";
import type { Api } from "./client.ts";
import type { Host } from "./env.ts";
import { exitCodes, Failure, oneLine, readFault } from "./failure.ts";
import { readInput } from "./input.ts";
import { columns, date, harmless, print } from "./print.ts";
import type { SessionFlags } from "./served-flags.ts";
import { transcript } from "./transcript.ts";

/** `session list`, `show`, `delete`, `prune`, `export`, `import`. */
export async function sessions(flags: SessionFlags, host: Host, api: Api): Promise<number> {
  if (flags.action === "list") return list(flags, host, api);
  if (flags.action === "import") return load(flags, host, api);
  if (flags.action === "prune") return prune(flags, host, api);
  if (flags.action === "delete") return remove(flags, host, api);
  const [id, ...others] = named(flags);
  if (others.length > 0) throw new Failure("usage", `codeport session ${flags.action} takes one id.`);
  const whole = await read(api, id);
  const isData = flags.json || flags.action === "export";
  print(host, whole, isData ? undefined : transcript(whole.info, whole.messages));
  return exitCodes.ok;
}

async function list({ json, search, project, limit = 50, words }: SessionFlags, host: Host, api: Api): Promise<number> {
  if (words.length > 0) throw new Failure("usage", `codeport session list takes no words: --search "${words.join(" ")}" looks in titles.`);
  const found = await api.session.list.query({ search, limit, roots: true, ...(project && { scope: "project" as const }) });
  print(host, found, json ? undefined : columns(found.map(row)));
  if (found.length === 0 && !json) host.stderr.write("There are no sessions here. (--project looks in the whole project.)\n");
  return exitCodes.ok;
}

function row({ id, title, time }: Session): string[] {
  return [id, date(time.updated), harmless(oneLine(title))];
}

/** What `import` takes: `{ info, messages }`, as OpenCode's own exports. */
async function read(api: Api, sessionID: string): Promise<{ info: Session; messages: MessageWithParts[] }> {
  const [info, messages] = await Promise.all([api.session.get.query({ sessionID }), api.session.messages.query({ sessionID })]);
  return { info, messages };
}

async function remove(flags: SessionFlags, host: Host, api: Api): Promise<number> {
  const ids = named(flags);
  // All or none: a slip in the last id is not to cost the others.
  for (const sessionID of ids) await api.session.get.query({ sessionID });
  for (const sessionID of ids) await api.session.delete.mutate({ sessionID });
  print(host, { deleted: ids }, flags.json ? undefined : []);
  if (!flags.json) host.stderr.write(`Deleted: ${ids.join(", ")}\n`);
  return exitCodes.ok;
}

/** Of every directory that the server works in. */
async function prune(flags: SessionFlags, host: Host, api: Api): Promise<number> {
  const { "older-than": days, "dry-run": dryRun, keep, json, words } = flags;
  if (days === undefined || words.length > 0)
    throw new Failure("usage", "Say how old sessions must be: codeport session prune --older-than 90d (--dry-run tells which).");
  const { sessions: ids } = await api.session.prune.mutate({ days, keep, dryRun });
  print(host, dryRun ? { expired: ids } : { deleted: ids }, json ? undefined : ids);
  if (!json) host.stderr.write(`${dryRun ? "Would be deleted" : "Deleted"}: ${ids.length} sessions.\n`);
  return exitCodes.ok;
}

function named({ action, words }: SessionFlags): [string, ...string[]] {
  const [first, ...others] = words;
  if (first === undefined)
    throw new Failure("usage", `Name the session: codeport session ${action} ses_… (codeport session list shows them).`);
  return [first, ...others];
}

async function load({ words: [file, ...others], json }: SessionFlags, host: Host, api: Api): Promise<number> {
  if (others.length > 0) throw new Failure("usage", "Name one file: codeport session import session.json");
  const text =
    file === undefined
      ? await readInput(host)
      : await readFile(resolve(host.directory, file), "utf8").catch((error) => unreadable(file, error));
  const session = await api.session.import.mutate(exported(text, file ?? "What was piped in"));
  print(host, session, json ? undefined : [session.id]);
  return exitCodes.ok;
}

function unreadable(file: string, error: NodeJS.ErrnoException): never {
  throw new Failure("usage", `${file} cannot be read: ${readFault(error)}.`, { cause: error });
}

type Exported = Parameters<Api["session"]["import"]["mutate"]>[0];

/** The server checks what is in it. */
function exported(text: string, file: string): Exported {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Failure("usage", `${file} is not an exported session: it is not JSON.`, { cause: error });
  }
}
