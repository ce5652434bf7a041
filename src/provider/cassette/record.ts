import type { LanguageModelV4, LanguageModelV4CallOptions, LanguageModelV4StreamPart, LanguageModelV4StreamResult } from "@ai-sdk/provider";
import type { ModelRef } from "../../schema/message.ts";
import type { Cassette, CassetteOptions } from "../cassette.ts";
import type { ResolvedModel } from "../provider.ts";
import { publicOptions } from "../redact.ts";
import { type Request, readRequest } from "./asked.ts";
import { faultOf } from "./fault.ts";
import { type CassetteWriter, createWriter } from "./file.ts";
import type { Call, Line } from "./line.ts";
import { toRecorded } from "./parts.ts";
import { namingsOf } from "./secrets.ts";

/** Calls that have not ended: what they have said so far is kept when the recording is. */
type Open = Set<() => void>;

interface Tape {
  writer: CassetteWriter;
  open: Open;
  /** Writes a line unless the same was written before. */
  once(key: string, line: Line): void;
  /** The number of the next call. */
  next(): number;
}

export async function recordCassette(file: string, options: CassetteOptions): Promise<Cassette> {
  const writer = await createWriter(file, `codeport ${options.version}`);
  const tape = createTape(writer);
  return {
    replays: false,
    mismatches: () => [],
    unused: () => 0,
    over: (providers, place) => ({
      ...providers,
      async model(ref) {
        const resolved = await providers.model(ref);
        tape.once(`model ${idOf(ref)}`, modelLine(ref, resolved));
        const namings = await namingsOf(options, place);
        return { ...resolved, language: recording(resolved.language, tape, (call) => readRequest(idOf(ref), call, namings)) };
      },
      async defaultModel() {
        const model = await providers.defaultModel();
        tape.once("choice default", { type: "choice", of: "default", model });
        return model;
      },
      async smallModel(providerID) {
        const model = await providers.smallModel(providerID);
        tape.once(`choice small/${providerID}`, { type: "choice", of: `small/${providerID}`, model: model ?? null });
        return model;
      },
    }),
    async [Symbol.asyncDispose]() {
      for (const end of [...tape.open]) end();
      await writer.finish();
    },
  };
}

function createTape(writer: CassetteWriter): Tape {
  const written = new Set<string>();
  let number = 0;
  return {
    writer,
    open: new Set(),
    once(key, line) {
      if (written.has(key)) return;
      written.add(key);
      writer.write(line);
    },
    next: () => (number += 1),
  };
}

export const idOf = ({ providerID, modelID }: ModelRef): string => `${providerID}/${modelID}`;

/** Where the model is reached is left out. */
function modelLine(ref: ModelRef, { info, language, providerOptions }: ResolvedModel): Line {
  const shown = Object.entries(providerOptions).map(([name, options]) => [name, publicOptions(options, undefined)] as const);
  const model = { ...info, api: { ...info.api, url: "" } };
  const { provider, modelId: modelID } = language;
  return { type: "model", id: idOf(ref), provider, modelID, info: model, providerOptions: Object.fromEntries(shown) };
}

/** The model, with every call of it taken down. */
function recording(language: LanguageModelV4, tape: Tape, read: (options: LanguageModelV4CallOptions) => Request): LanguageModelV4 {
  return {
    specificationVersion: "v4",
    provider: language.provider,
    modelId: language.modelId,
    supportedUrls: language.supportedUrls,
    doGenerate: (options) => language.doGenerate(options),
    async doStream(options) {
      const call = takeDown(tape, read(options));
      try {
        const result = await language.doStream(options);
        return { ...result, stream: listenIn(result.stream, call, options.abortSignal) };
      } catch (error) {
        call.end(options.abortSignal?.aborted ? "aborted" : "refused", error);
        throw error;
      }
    },
  };
}

interface TakenCall {
  say(part: LanguageModelV4StreamPart): void;
  end(how: Call["end"], error?: unknown): void;
}

function takeDown({ writer, open, once, next }: Tape, { hash, asked, messages, aside, names }: Request): TakenCall {
  const started = Date.now();
  const number = next();
  const parts: { at: number; part: LanguageModelV4StreamPart }[] = [];
  for (const [key, message] of messages) once(`message ${key}`, { type: "message", hash: key, message });

  const end = (how: Call["end"], error?: unknown): void => {
    if (!open.delete(cut)) return;
    const fault = error === undefined || how === "aborted" ? {} : { error: faultOf(error, names.put) };
    writer.write({ type: "call", number, aside, hash, asked, parts: toRecorded(parts, names), end: how, ...fault });
  };
  const cut = () => end("aborted");
  open.add(cut);
  return {
    end,
    say(part) {
      // The provider's own words: they say nothing that the other parts do not, and may hold anything.
      if (part.type !== "raw") parts.push({ at: Date.now() - started, part });
    },
  };
}

type Stream = LanguageModelV4StreamResult["stream"];

function listenIn(stream: Stream, call: TakenCall, signal: AbortSignal | undefined): Stream {
  const reader = stream.getReader();
  return new ReadableStream({
    async pull(controller) {
      try {
        const { done, value } = await reader.read();
        if (done) {
          call.end("finished");
          return controller.close();
        }
        call.say(value);
        controller.enqueue(value);
      } catch (error) {
        call.end(signal?.aborted ? "aborted" : "failed", error);
        controller.error(error);
      }
    },
    async cancel(reason) {
      call.end("aborted");
      await reader.cancel(reason);
    },
  });
}
