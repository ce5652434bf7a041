import type { ProviderConfig } from "../schema/config.ts";

type ModelConfig = NonNullable<ProviderConfig["models"]>[string];
type CostConfig = NonNullable<ModelConfig["cost"]>;

/** A model as the configuration writes it, and prices that rise with the prompt's length, which only the catalogue knows. */
export type ModelEntry = Omit<ModelConfig, "cost"> & { cost?: CostConfig & { tiers?: (CostConfig & { size: number })[] } };

/** A provider as the configuration writes it. The first model is its default; `small` serves titles and summaries. */
export type CatalogueEntry = Omit<ProviderConfig, "models"> & { small?: string; models: Record<string, ModelEntry> };

/** What is known without configuration, from catalogue.json: prices in dollars per million tokens, all of it overridable in the configuration. */
export async function loadCatalogue(): Promise<Record<string, CatalogueEntry>> {
  const file = await import("./catalogue.json", { with: { type: "json" } });
  return file.default.providers as unknown as Record<string, CatalogueEntry>;
}
