import type { LanguageModelV4 } from "@ai-sdk/provider";
import type { ModelRef } from "../schema/message.ts";
import type { Model, Provider } from "../schema/provider.ts";

/** The providers of one directory: which there are, which can be used, and a model ready to be called. */
export interface ProviderService {
  /**
   * `all`: every provider known (catalogue, config, local endpoints found, offline); `connected`: ids of those with what they
   * need to be called; `default`: each provider's preferred model. Keys are never in it.
   */
  list(): Promise<{ all: Provider[]; default: Record<string, string>; connected: string[] }>;
  /** A model ready to be called. Throws AppError ProviderModelNotFoundError (with the known ones nearest to it), ProviderAuthError (no key: says which variable to set). */
  model(ref: ModelRef): Promise<ResolvedModel>;
  /** The configured model, else the first connected provider's default, else the offline one. */
  defaultModel(): Promise<ModelRef>;
  /** A cheap model of the same provider for titles and summaries; `small_model` of the config wins. Undefined when there is none. */
  smallModel(providerID: string): Promise<ModelRef | undefined>;
}

export interface ResolvedModel {
  info: Model;
  language: LanguageModelV4;
  /** Options for the AI SDK call, keyed by provider. */
  providerOptions: Record<string, Record<string, unknown>>;
}
