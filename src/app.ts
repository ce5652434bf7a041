import { realpath, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve, sep } from "node:path";
import { type Database, openDatabase } from "../db/client.ts";
import { neededContents } from "../db/queries/change.ts";
import { type Activities, createActivities } from "./activity/activity.ts";
import type { RetryPolicy } from "./agent/turn.ts";
import { type AuditTrail, createAudit } from "./audit/audit.ts";
import { createBudgets, createUsage, type UsageService } from "./budget/budget.ts";
import { type Calls, createCalls } from "./calls.ts";
import { childEnvironment, createConfigWriter, homeOf, openTrust, paths, type TrustStore } from "./config/config.ts";
import { createDoctor, type Doctor } from "./doctor/doctor.ts";
import { createLog, type EventLog, type LogOptions } from "./event/log.ts";
import { createIdempotency, type IdempotencyService } from "./idempotency/idempotency.ts";
import type { Instance, InstanceOptions } from "./instance.ts";
import { createInstances, type Instances } from "./instances.ts";
import { createServerLog, type ServerLog, type ServerLogOptions } from "./log/log.ts";
import { openLogins } from "./mcp/mcp.ts";
import { createMemories, type MemoryService } from "./memory/memory.ts";
import { createPermissions, type PermissionOptions, type PermissionService } from "./permission/permission.ts";
import { createProjects, type ProjectService } from "./project/project.ts";
import {
  type Cassette,
  type CassetteChoice,
  type Credentials,
  createProviderLogins,
  openCassette,
  openCredentials,
} from "./provider/provider.ts";
import { createQuestions, type QuestionService } from "./question/question.ts";
import type { Config } from "./schema/config.ts";
import { AppError } from "./schema/error.ts";
import { createId } from "./schema/id.ts";
import type { Limits } from "./schema/limits.ts";
import { markerName, toMarker } from "./schema/process-marker.ts";
import type { QueuePolicy } from "./schema/prompt.ts";
import { createSessions, isServerAlive, type SessionService, signOff } from "./session/session.ts";
import { createSettings, type Settings } from "./settings.ts";
import { createTokens, type TokenService } from "./token/token.ts";
import { createBackground, createOwnedProcesses, type OwnedProcesses } from "./tool/registry.ts";
import { createTraces, type Traces } from "./trace/trace.ts";
import { createTui, type TuiService } from "./tui/tui.ts";
import { createUpkeep, type Upkeep } from "./upkeep/upkeep.ts";
import { createGit, offlineGit } from "./vcs/vcs.ts";
import { createWatching, type Held } from "./watching.ts";
import { whereabouts } from "./whereabouts.ts";

/** Everything the server is, without a host. Services meet here and nowhere else. */
export interface App extends AsyncDisposable {
  version: string;
  /** The directory the server was started in. */
  directory: string;
  /** Allowed roots, absolute and resolved; `directory` is one of them. */
  roots: string[];
  /** Where the store is: a path or a libSQL URL. */
  database: string;
  log: EventLog;
  /** What this server's turns do. */
  activities: Activities;
  /** Tells a collector of it, where there is one. */
  traces: Traces;
  /** What the server says about itself. */
  serverLog: ServerLog;
  idempotency: IdempotencyService;
  /** Looks after the store, once it is started. */
  upkeep: Upkeep;
  sessions: SessionService;
  /** What models say is recorded, or comes from a recording. */
  cassette?: Cassette;
  permissions: PermissionService;
  questions: QuestionService;
  projects: ProjectService;
  memories: MemoryService;
  /** What was spent. */
  usage: UsageService;
  /** Stored keys and logins of model providers. */
  credentials: Credentials;
  tui: TuiService;
  tokens: TokenService;
  /** Changes of the configuration, and ending what was made from it. */
  settings: Settings;
  audit: AuditTrail;
  /** What was called and is not over. */
  calls: Calls;
  /** Ends what calls wait for (turns, then the services of directories) so that they are answered. Disposal does so first, and then the rest. */
  end(): Promise<void>;
  /** Looks at the installation. */
  doctor: Doctor;
  /** Directories whose own configuration holds. */
  trust: TrustStore;
  /** The path that a session's, permission request's or question's id or a `file:` URL leads to; undefined for any other text. */
  placeOf(text: string): Promise<string | undefined>;
  /** Has changes of the files of a directory (of all that are in use: undefined) told on the log, until it is disposed. */
  watch(directory?: string): Held;
  /** The services of a directory. Throws ForbiddenError outside the roots, NotFoundError if it does not exist or is not a directory. */
  instance(directory: string): Promise<Instance>;
}

export interface AppOptions {
  directory: string;
  /** Further directories that requests may work in. */
  roots?: string[];
  /** A path, a libSQL URL or `:memory:`; the data directory's own file unless told. */
  database?: string;
  env: NodeJS.ProcessEnv;
  version: string;
  /** Configuration that wins over every file. */
  overrides?: Config;
  /** What is done at most at a time. */
  limits?: Partial<Limits>;
  retry?: RetryPolicy;
  /** Milliseconds without a byte from a model before its stream counts as dead. */
  idleTimeout?: number;
  /** Questions count as dismissed after the same time. */
  permissionTimeout?: PermissionOptions["timeout"];
  /** What becomes of prompts that meet a busy session and do not say it themselves; `join` unless told. */
  queue?: QueuePolicy;
  log?: Pick<LogOptions, "limits" | "tailInterval">;
  fetchLocal?: InstanceOptions["fetchLocal"];
  /** Records the traffic with all models to a file, or replays it from one. */
  cassette?: CassetteChoice;
  /** Told of failures nobody waits for; lines in the server's log unless told. */
  onError?: (error: unknown) => void;
  /** The server's log; a file in the state directory unless told. */
  serverLog?: Partial<ServerLogOptions>;
}

const defaultRetry: RetryPolicy = { attempts: 6, initial: 2000, maximum: 30_000 };
const defaultIdleTimeout = 120_000;

/** Opens the store and the services on it, and takes care of what a dead server left. Throws NotFoundError for a root that does not exist, Error for a store that cannot be opened. */
export async function createApp(options: AppOptions): Promise<App> {
  const opened: AsyncDisposable[] = [];
  try {
    const services = await openServices(options, (resource) => {
      opened.push(resource);
      return resource;
    });
    return { ...services, [Symbol.asyncDispose]: () => disposeAll(opened) };
  } catch (error) {
    await disposeAll(opened);
    throw error;
  }
}

type Keep = <Resource extends AsyncDisposable>(resource: Resource) => Resource;

async function openServices(options: AppOptions, keep: Keep): Promise<Omit<App, keyof AsyncDisposable>> {
  const { env, version, overrides, fetchLocal } = options;
  const { places, serverLog, onError, directory, roots } = await findPlaces(options, keep);
  const location = options.database ?? places.database;
  const serverID = createId("server");
  const environment = childEnvironment(env, { tool: toMarker({ server: serverID }, env[markerName]) });
  const { database, processes, idempotency } = await openStore(location, { serverID, environment, keep });
  const audit = keep(createAudit({ database, onError }));
  // Disposed when what calls wait for has ended, and before what they write to.
  const calls = keep(createCalls({ late: (count) => serverLog.event("warn", "calls were not over when the server was", { count }) }));
  const log = keep(await createLog({ database, serverID, onError, ...options.log }));
  const activities = createActivities({ log, onError });
  const traces = keep(createTraces({ activities, env, version, onError: serverLog.fault }));
  const asks = createAsks({ log, database, audit, timeout: options.permissionTimeout, home: places.home }, keep);
  const memories = createMemories({ database });
  const background = keep(createBackground());
  const git = createGit({ environment });
  const projects = createProjects({ database, git: offlineGit(git), log });
  const credentials = openCredentials(places.credentials);
  const providerLogins = keep(createProviderLogins(credentials));
  const cassette =
    options.cassette && keep(await openTape(options.cassette, { env, version, credentials, home: places.home, data: places.data }));
  const needed = () => neededContents(database.orm);
  const snapshots = { directory: places.snapshots, exclude: places.data, store: location, environment, needed, onError };
  const trust = openTrust(places.trust);
  const logins = openLogins(join(places.data, "mcp-auth.json"));
  const own = [places.data, places.logs, resolve(directory, location.replace(/^file:/, ""))];
  const place = { roots, own, env, environment, paths: places, projects, credentials, providerLogins, git, version, trust, logins };
  const watching = createWatching();
  const shared = { ...place, overrides, fetchLocal, cassette, log, snapshots, onError };
  const allowed = (path: string) => allowedDirectory(path, roots);
  const turnsOver = (): Promise<void> => sessions.settled();
  const instances: Instances = keep(createInstances({ shared, allowed, turnsOver, watching }));
  const sessions: SessionService = keep(
    await createSessions({
      ...{ log, database, audit, serverID, version, ...asks, background, memories, processes, activities, onError },
      limits: options.limits,
      budgets: createBudgets({ database, log, serverID, free: cassette?.replays }),
      workspace: instances.of,
      serves: (path) => isInside(path, roots),
      outputDirectory: places.output,
      queue: options.queue,
      retry: options.retry ?? defaultRetry,
      idleTimeout: options.idleTimeout ?? defaultIdleTimeout,
    }),
  );
  const settings = createSettings({ ...shared, instances, sessions, writer: createConfigWriter() });
  const tui = keep(createTui({ log, requireSession: (id) => sessions.get(id) }));
  const tokens = createTokens({ database, audit });
  const onDone = (work: { pruned: number; events: number; pages: number }) => serverLog.event("info", "upkeep", work);
  const upkeep = keep(createUpkeep({ database, log, sessions, onDone, onError }));
  const kept = { activities, traces, upkeep, settings, log, serverLog, idempotency, credentials, cassette, audit, calls, trust };
  const services = { sessions, ...asks, projects, memories, usage: createUsage({ database }), tui, tokens };
  const { of: instance } = instances;
  const doctor = createDoctor({ env, places, store: location, largest: 64 << 20 });
  const end = async () => {
    await sessions[Symbol.asyncDispose]();
    await instances[Symbol.asyncDispose]();
  };
  const here = { doctor, end, version, directory, roots, database: location, placeOf: whereabouts(database) };
  return { ...here, ...kept, ...services, watch: watching.hold, instance };
}

/** Where the server works and keeps things, and to whom it tells of itself. */
async function findPlaces(options: AppOptions, keep: Keep) {
  const { env } = options;
  const places = paths({ env, home: homeOf(env), platform: process.platform });
  const serverLog = keep(createServerLog({ directory: places.logs, ...options.serverLog }));
  const directory = await realDirectory(options.directory);
  const roots = [directory, ...(await Promise.all((options.roots ?? []).map(realDirectory)))];
  return { places, serverLog, onError: options.onError ?? serverLog.fault, directory, roots };
}

/** The store, and what ends the server's children. Disposing goes backwards: the server is signed off once nothing that it started runs. */
async function openStore(
  location: string,
  { serverID, environment, keep }: { serverID: string; environment: NodeJS.ProcessEnv; keep: Keep },
): Promise<{ database: Database; processes: OwnedProcesses; idempotency: IdempotencyService }> {
  const database = keep(await openDatabase(location));
  keep({ [Symbol.asyncDispose]: () => signOff({ database, serverID }) });
  const idempotency = createIdempotency({ database, serverID, isAlive: (id) => isServerAlive(database, id) });
  return { database, idempotency, processes: keep(createOwnedProcesses({ serverID, environment })) };
}

/** What is asked of people. */
function createAsks(options: PermissionOptions, keep: Keep): { permissions: PermissionService; questions: QuestionService } {
  return { permissions: keep(createPermissions(options)), questions: keep(createQuestions(options)) };
}

function openTape(
  choice: CassetteChoice,
  { home, data, ...options }: { env: NodeJS.ProcessEnv; version: string; credentials: Credentials; home: string; data: string },
): Promise<Cassette> {
  return openCassette(choice, { ...options, places: { tmp: tmpdir(), home, data } });
}

/** In the reverse order of opening: what was opened later stands on what was opened before. */
async function disposeAll(opened: AsyncDisposable[]): Promise<void> {
  for (const resource of opened.toReversed()) await resource[Symbol.asyncDispose]();
}

/** Outside the roots the answer is the same whether the directory exists or not. */
async function allowedDirectory(path: string, roots: string[]): Promise<string> {
  const directory = await realDirectory(path).catch((error) => {
    if (isInside(resolve(path), roots)) throw error;
    return undefined;
  });
  if (directory !== undefined && isInside(directory, roots)) return directory;
  throw new AppError(
    "ForbiddenError",
    `The directory ${path} is outside the roots this server works in. Start it there, or add it with --root.`,
    { directory: path },
  );
}

async function realDirectory(path: string): Promise<string> {
  const real = await realpath(path).catch(() => undefined);
  if (real === undefined || !(await stat(real)).isDirectory())
    throw new AppError("NotFoundError", `There is no directory ${path}.`, { directory: path });
  return real;
}

function isInside(path: string, roots: string[]): boolean {
  return roots.some((root) => path === root || path.startsWith(root.endsWith(sep) ? root : root + sep));
}
