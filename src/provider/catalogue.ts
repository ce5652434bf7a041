import { readFile } from "node:fs/promises";
import { z } from "zod";
import { ProviderConfig } from "../schema/config.ts";
import { AppError } from "../schema/error.ts";

type ModelConfig = NonNullable<ProviderConfig["models"]>[string];
type CostConfig = NonNullable<ModelConfig["cost"]>;

/** A model as the configuration writes it, and prices that rise with the prompt's length, which only the catalogue knows. */
export type ModelEntry = Omit<ModelConfig, "cost"> & { cost?: CostConfig & { tiers?: (CostConfig & { size: number })[] } };

/** A provider as the configuration writes it. The first model is its default; `small` serves titles and summaries. */
export type CatalogueEntry = Omit<ProviderConfig, "models"> & { small?: string; models: Record<string, ModelEntry> };

type Catalogue = Record<string, CatalogueEntry>;

/**
 * What is known without configuration, from catalogue.json: prices in dollars per million tokens, all of it overridable in the configuration and
 * by a file of the user's in the same form, which need not exist. Throws ConfigInvalidError naming that file and what is wrong in it.
 */
export async function loadCatalogue(file?: string): Promise<Catalogue> {
  const { default: own } = await import("./catalogue.json", { with: { type: "json" } });
  const known = own.providers as unknown as Catalogue;
  const changes = file === undefined ? undefined : await readChanges(file);
  if (changes === undefined) return known;
  const ids = [...new Set([...Object.keys(known), ...Object.keys(changes)])];
  return Object.fromEntries(ids.map((id) => [id, merged(known[id], changes[id])]));
}

function merged(known: CatalogueEntry | undefined, change: Partial<CatalogueEntry> | undefined): CatalogueEntry {
  const models = { ...known?.models };
  for (const [id, model] of Object.entries(change?.models ?? {})) models[id] = { ...models[id], ...model };
  return { ...known, ...change, models };
}

const Changes = z.object({ providers: z.record(z.string(), ProviderConfig.extend({ small: z.string().optional() })) });

async function readChanges(file: string): Promise<Record<string, Partial<CatalogueEntry>> | undefined> {
  const text = await readFile(file, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw invalid(file, `cannot be read (${error.code})`);
  });
  if (text === undefined) return undefined;
  const value = parse(file, text);
  const [issue] = Changes.safeParse(value).error?.issues ?? [];
  if (issue !== undefined) throw invalid(file, `has a fault at ${issue.path.map(String).join(".") || "its top"}: ${issue.message}`);
  // As it was written: prices in tiers are not part of the configuration's schema.
  return (value as { providers: Record<string, Partial<CatalogueEntry>> }).providers;
}

function parse(file: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw invalid(file, `is not valid JSON (${error instanceof Error ? error.message : ""})`);
  }
}

function invalid(file: string, reason: string): AppError {
  return new AppError("ConfigInvalidError", `${file} ${reason}. It is a catalogue of models: { "providers": { … } }.`, { path: file });
}
