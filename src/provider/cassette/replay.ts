import type { LanguageModelV4, LanguageModelV4StreamPart, LanguageModelV4StreamResult } from "@ai-sdk/provider";
import { AppError } from "../../schema/error.ts";
import type { ModelRef } from "../../schema/message.ts";
import type { Cassette, CassetteOptions, CassettePlace, Mismatch } from "../cassette.ts";
import type { ProviderService, ResolvedModel } from "../provider.ts";
import { type Request, readRequest } from "./asked.ts";
import { describeDifference } from "./difference.ts";
import { revive } from "./fault.ts";
import { readCassette } from "./file.ts";
import type { Call, Line } from "./line.ts";
import type { Names } from "./names.ts";
import { fromRecorded } from "./parts.ts";
import { idOf } from "./record.ts";
import { namingsOf } from "./secrets.ts";

/** What is on a cassette, and what of it was asked for. */
export interface Reel {
  file: string;
  models: Map<string, Extract<Line, { type: "model" }>>;
  choices: Map<string, ModelRef | null>;
  messages: Map<string, unknown>;
  /** Calls nobody has asked for yet, in the order they were begun. */
  calls: Call[];
  /** What they are called: counted apart from those beside the turns, which come when they come. */
  names: Map<Call, string>;
  mismatches: Mismatch[];
}

export async function replayCassette(file: string, options: CassetteOptions): Promise<Cassette> {
  const reel = toReel(file, await readCassette(file));
  return {
    replays: true,
    mismatches: () => [...reel.mismatches],
    unused: () => reel.calls.filter(({ aside }) => !aside).length,
    over: (providers, place) => replayed(providers, reel, { ...options, ...place }),
    async [Symbol.asyncDispose]() {},
  };
}

function toReel(file: string, lines: Line[]): Reel {
  const of = <Type extends Line["type"]>(type: Type) => lines.filter((line): line is Extract<Line, { type: Type }> => line.type === type);
  const calls = of("call").sort((one, other) => one.number - other.number);
  const names = [
    ...calls.filter(({ aside }) => !aside).map((call, index) => [call, `call ${index + 1}`] as const),
    ...calls.filter(({ aside }) => aside).map((call, index) => [call, `call ${index + 1} beside the turns`] as const),
  ];
  return {
    file,
    names: new Map(names),
    models: new Map(of("model").map((line) => [line.id, line])),
    choices: new Map(of("choice").map((line) => [line.of, line.model])),
    messages: new Map(of("message").map((line) => [line.hash, line.message])),
    calls,
    mismatches: [],
  };
}

/** A model need neither be configured nor have a key: the cassette knows it. */
function replayed(providers: ProviderService, reel: Reel, options: CassetteOptions & CassettePlace): ProviderService {
  const chosen = async (of: string) => reel.choices.get(of);
  return {
    ...providers,
    async list() {
      const { connected, ...rest } = await providers.list();
      const recorded = [...reel.models.values()].map(({ info }) => info.providerID);
      return { ...rest, connected: [...new Set([...connected, ...recorded])] };
    },
    async model(ref) {
      const resolved = await providers.model(ref).catch((error) => fromReel(reel, ref, error));
      const namings = await namingsOf(options, options);
      return { ...resolved, language: replaying(resolved.language, reel, (call) => readRequest(idOf(ref), call, namings)) };
    },
    defaultModel: async () => (await chosen("default")) ?? providers.defaultModel(),
    async smallModel(providerID) {
      const of = `small/${providerID}`;
      return reel.choices.has(of) ? ((await chosen(of)) ?? undefined) : providers.smallModel(providerID);
    },
  };
}

function fromReel({ models }: Reel, ref: ModelRef, error: unknown): ResolvedModel {
  const line = models.get(idOf(ref));
  if (line === undefined || !(error instanceof AppError)) throw error;
  const { provider, modelID: modelId, info, providerOptions } = line;
  const never = () => Promise.reject(new Error("A replayed model answers from its cassette."));
  return {
    info,
    providerOptions,
    patience: {},
    language: { specificationVersion: "v4", provider, modelId, supportedUrls: {}, doGenerate: never, doStream: never },
  };
}

type Read = (options: Parameters<LanguageModelV4["doStream"]>[0]) => Request;

function replaying({ provider, modelId, supportedUrls }: LanguageModelV4, reel: Reel, read: Read): LanguageModelV4 {
  return {
    specificationVersion: "v4",
    provider,
    modelId,
    supportedUrls,
    doGenerate: () => Promise.reject(new Error("Only streams are on a cassette.")),
    async doStream(options) {
      const request = read(options);
      const call = take(reel, request);
      if (call.end === "refused") throw revive(call.error, request.names.restore);
      return { stream: play(call, request.names, options.abortSignal) };
    },
  };
}

/** The first call with this request that was not asked for yet. */
function take(reel: Reel, request: Request): Call {
  const index = reel.calls.findIndex(({ hash }) => hash === request.hash);
  const [call] = index < 0 ? [] : reel.calls.splice(index, 1);
  if (call !== undefined) return call;
  const mismatch = describeDifference(reel, request);
  // A title that was not asked for in time when the cassette was recorded is no difference.
  if (!request.aside || reel.calls.some(({ aside }) => aside)) reel.mismatches.push(mismatch);
  const error = new Error(`${mismatch.message}\n\n${mismatch.details}`);
  error.name = "CassetteError";
  throw error;
}

/** All that was said, at once; a call that nobody wanted the rest of stays open until nobody wants it again. */
function play(call: Call, names: Names, signal: AbortSignal | undefined): LanguageModelV4StreamResult["stream"] {
  return new ReadableStream<LanguageModelV4StreamPart>({
    start(controller) {
      for (const part of call.parts) controller.enqueue(fromRecorded(part, names));
      if (call.end === "finished") return controller.close();
      if (call.end === "failed") return controller.error(revive(call.error, names.restore));
      const abort = () => controller.error(signal?.reason);
      if (signal?.aborted) abort();
      signal?.addEventListener("abort", abort, { once: true });
    },
  });
}
