import { existsSync } from "node:fs";
import { join, parse } from "node:path";
import type { Config } from "../schema/config.ts";
import type { ConfigSetting } from "../schema/setting.ts";
import { check } from "./check.ts";
import { type Document, parseDocument } from "./document.ts";
import { explainLayers, type Layer } from "./explain.ts";
import { modernise } from "./legacy.ts";
import { projectMarkdown, userMarkdown } from "./markdown.ts";
import { mergeConfig } from "./merge.ts";
import { linkedOut, restrict, untrustedKeys } from "./restrict.ts";
import { leadsOut, type ProjectSource, projectSources, readNamed, readSource, type Source, userSources } from "./sources.ts";
import { baseDirectory, type SubstituteOptions, substitute } from "./substitute.ts";
import type { Draft } from "./write.ts";

export { childEnvironment } from "./environment.ts";
export { homeOf, type Paths, paths } from "./paths.ts";
export { openTrust, type TrustStore, trustIn } from "./trust.ts";
export { type ConfigWriter, createConfigWriter, type Draft } from "./write.ts";

/** The resolved configuration of one directory and how it came about. */
export interface ResolvedConfig {
  config: Config;
  /** Absolute paths (or names like `OPENCODE_CONFIG_CONTENT`) that took part, weakest first. */
  sources: string[];
  /** One line each: unknown keys with the nearest known one, keys ignored because the directory is not trusted. */
  warnings: string[];
}

export interface ConfigOptions {
  /** Absolute, symlinks resolved. */
  directory: string;
  /** The repository's root, or `/` outside git. */
  worktree: string;
  home: string;
  env: NodeJS.ProcessEnv;
  /** Whether a directory's project files may run commands, grant permissions and point models elsewhere. */
  isTrusted(directory: string): boolean;
  /** Flags: they win over every file. */
  overrides?: Config;
  /** Read in place of one file. */
  draft?: Draft;
}

/**
 * Reads the configuration of a directory, weakest first: the user's files (`config.json`, `opencode.json`, `opencode.jsonc` under
 * `~/.config/opencode`, then `~/.config/codeport`), the file `OPENCODE_CONFIG` names, the project's `opencode.json(c)` and `.opencode/opencode.json(c)`
 * from the worktree's root down, the text of `OPENCODE_CONFIG_CONTENT`, then `overrides`. The user's and the project's files are each followed by
 * what their Markdown files describe (`agent(s)/` and `command(s)/` in the user's folders and in `.opencode`).
 * Throws ConfigInvalidError naming file, line, column and key.
 */
export async function loadConfig(options: ConfigOptions): Promise<ResolvedConfig> {
  const warnings: string[] = [];
  return resolved(options, warnings, await allLayers(options, warnings));
}

/** The same, setting by setting, with the source that decides it. */
export async function explainConfig(options: ConfigOptions): Promise<ConfigSetting[]> {
  const layers = await allLayers(options, []);
  const all = options.overrides === undefined ? layers : [...layers, { source: "the server's options", value: options.overrides }];
  return explainLayers(all, all.map(({ value }) => value).reduce(mergeConfig, {}));
}

async function allLayers(options: ConfigOptions, warnings: string[]): Promise<Layer[]> {
  return [
    ...(await userLayers(options, warnings)),
    ...(await userMarkdown(options.env, options.home, warnings)),
    ...(await projectLayers(options, warnings)),
    ...(await projectMarkdown(options, warnings)),
    ...(await inlineLayers(options, warnings)),
  ];
}

function resolved(options: Pick<ConfigOptions, "overrides">, warnings: string[], layers: Layer[]): ResolvedConfig {
  const merged = [...layers.map((layer) => layer.value), { ...options.overrides }].reduce(mergeConfig, {});
  // Every layer has passed the schema, and merging puts no value where its own layer could not have it.
  return { config: modernise(merged) as Config, sources: layers.map((layer) => layer.source), warnings };
}

/**
 * The same without asking git where the worktree begins, which takes a start longer than all the rest of it, and without agents and commands.
 * Undefined when a project file lies in the directory or anywhere above it: then that matters.
 */
export async function loadUserConfig(options: Pick<ConfigOptions, "directory" | "home" | "env">): Promise<ResolvedConfig | undefined> {
  const { directory } = options;
  if (projectSources(parse(directory).root, directory).some(({ file }) => existsSync(file))) return undefined;
  const warnings: string[] = [];
  const alone = { ...options, worktree: directory, isTrusted: () => false };
  return resolved({}, warnings, [...(await userLayers(alone, warnings)), ...(await inlineLayers(alone, warnings))]);
}

/** The user's own files alone: what holds in every directory. */
export async function loadGlobalConfig(options: Pick<ConfigOptions, "home" | "env" | "draft">): Promise<ResolvedConfig> {
  const warnings: string[] = [];
  const alone: ConfigOptions = { ...options, directory: options.home, worktree: options.home, isTrusted: () => false };
  const documents = (await userDocuments(alone)).filter((document) => document !== undefined);
  return resolved({}, warnings, await Promise.all(documents.map((document) => trusted(document, alone, warnings))));
}

/** Where a change for every directory goes: the user's strongest file, or the first one of this program's own folder. */
export function globalTarget({ env, home }: Pick<ConfigOptions, "home" | "env">): string {
  const files = userSources(env, home).map(({ file }) => file);
  const ours = files.findLast((file) => file.endsWith("opencode.json")) ?? "";
  return files.findLast((file) => existsSync(file)) ?? ours;
}

/** Where a change for a directory goes: the nearest project file that may be written, the strongest of its folder; a new `opencode.json` where there is none. */
export function projectTarget(
  { directory, worktree }: Pick<ConfigOptions, "directory" | "worktree">,
  isOurs: (file: string) => boolean,
): string {
  const files = projectSources(worktree, directory).map(({ file }) => file);
  return files.findLast((file) => isOurs(file) && existsSync(file)) ?? join(directory, "opencode.json");
}

function userDocuments(options: ConfigOptions): Promise<(Document | undefined)[]> {
  return Promise.all(userSources(options.env, options.home).map((source) => readDraft(source, options)));
}

async function readDraft(source: Source, { draft }: ConfigOptions): Promise<Document | undefined> {
  return draft?.file === source.file ? parseDocument(draft.file, draft.text) : readSource(source);
}

async function userLayers(options: ConfigOptions, warnings: string[]): Promise<Layer[]> {
  const documents = await userDocuments(options);
  const named = options.env.OPENCODE_CONFIG;
  if (named) documents.push(await readNamed(named));
  return Promise.all(documents.filter((document) => document !== undefined).map((document) => trusted(document, options, warnings)));
}

async function inlineLayers(options: ConfigOptions, warnings: string[]): Promise<Layer[]> {
  const text = options.env.OPENCODE_CONFIG_CONTENT;
  return text ? [await trusted(parseDocument("OPENCODE_CONFIG_CONTENT", text), options, warnings)] : [];
}

async function projectLayers(options: ConfigOptions, warnings: string[]): Promise<Layer[]> {
  const layers: Layer[] = [];
  for (const source of projectSources(options.worktree, options.directory)) {
    const layer = options.isTrusted(source.project)
      ? await readDraft(source, options).then((document) => document && trusted(document, options, warnings))
      : await untrusted(source, options, warnings);
    if (layer !== undefined) layers.push(layer);
  }
  return layers;
}

async function trusted(document: Document, options: ConfigOptions, warnings: string[]): Promise<Layer> {
  const substitution: SubstituteOptions = { ...options, directory: baseDirectory(document.source, options.directory) };
  const value = await substitute(document, substitution);
  return { source: document.source, value: check({ ...document, value }, warnings) };
}

async function untrusted(source: ProjectSource, options: ConfigOptions, warnings: string[]): Promise<Layer | undefined> {
  if (await leadsOut(source)) {
    warnings.push(linkedOut(source));
    return undefined;
  }
  const document = await readDraft(source, options);
  if (document === undefined) return undefined;
  const { value, ignored } = restrict(check(document, warnings));
  if (ignored.length > 0) warnings.push(untrustedKeys(source, ignored));
  return { source: document.source, value };
}
