import { once } from "node:events";
import { get, type IncomingMessage } from "node:http";
import type { CatalogueEntry } from "./catalogue.ts";

/** A place where a model server of this machine may answer. */
export interface LocalCandidate {
  id: string;
  name: string;
  /** With `/v1`. */
  baseURL: string;
}

export const localCandidates: LocalCandidate[] = [
  { id: "ollama", name: "Ollama (local)", baseURL: "http://127.0.0.1:11434/v1" },
  { id: "lmstudio", name: "LM Studio (local)", baseURL: "http://127.0.0.1:1234/v1" },
  { id: "llamacpp", name: "llama.cpp (local)", baseURL: "http://127.0.0.1:8080/v1" },
];

export type LocalProviders = Record<string, CatalogueEntry>;

/** Milliseconds that an answer stays good. */
const freshness = 60_000;

export interface LocalSearch {
  signal?: AbortSignal;
  candidates?: LocalCandidate[];
  /** Milliseconds for all candidates together, 300 by default. */
  budget?: number;
}

/** Asks each candidate for its models. What does not answer like a model server within the budget is left out; never rejects. */
export async function discoverLocal(search: LocalSearch = {}): Promise<LocalProviders> {
  const { candidates = localCandidates, budget = 300 } = search;
  const signal = AbortSignal.any([AbortSignal.timeout(budget), ...(search.signal ? [search.signal] : [])]);
  const found = await Promise.all(candidates.map((candidate) => ask(candidate, signal)));
  return Object.fromEntries(found.filter((entry) => entry !== undefined));
}

/** The same search, answered from memory for a minute; an older answer is given at once while a new one is fetched behind it. */
export function rememberLocal(search: () => Promise<LocalProviders>, now: () => number = Date.now): () => Promise<LocalProviders> {
  let known: LocalProviders | undefined;
  let asked = 0;
  let running: Promise<LocalProviders> | undefined;
  const refresh = () => {
    running ??= search()
      .then((found) => {
        known = found;
        asked = now();
        return found;
      })
      .finally(() => {
        running = undefined;
      });
    return running;
  };
  return () => {
    if (known === undefined) return refresh();
    // A failed refresh leaves the older answer, and the next call asks again.
    if (now() - asked >= freshness) refresh().catch(() => undefined);
    return Promise.resolve(known);
  };
}

async function ask(candidate: LocalCandidate, signal: AbortSignal): Promise<[string, CatalogueEntry] | undefined> {
  const ids = await modelsOf(candidate, signal);
  if (ids.length === 0) return undefined;
  const models: CatalogueEntry["models"] = Object.fromEntries(ids.map((id) => [id, { name: id }]));
  return [candidate.id, { name: candidate.name, npm: "@ai-sdk/openai-compatible", api: candidate.baseURL, env: [], models }];
}

/** Anything may listen on these ports: only an answer shaped like a model list counts, everything else means that nobody is there. */
async function modelsOf({ baseURL }: LocalCandidate, signal: AbortSignal): Promise<string[]> {
  try {
    const body = await readJson(`${baseURL}/models`, signal);
    const data = typeof body === "object" && body !== null && "data" in body && Array.isArray(body.data) ? body.data : [];
    const ids = data.map((item: { id?: unknown }) => item?.id).filter((id): id is string => typeof id === "string" && id !== "");
    return ids.filter((id) => !/embed/i.test(id)).slice(0, 200);
  } catch {
    return [];
  }
}

/** By node:http, since this is asked at every start and `fetch` takes longer to load than the answer takes to come. Follows no redirect. */
async function readJson(url: string, signal: AbortSignal): Promise<unknown> {
  const [response] = (await once(get(url, { signal, agent: false, headers: { accept: "application/json" } }), "response")) as [
    IncomingMessage,
  ];
  if (response.statusCode !== 200) {
    response.destroy();
    return undefined;
  }
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk);
  return JSON.parse(Buffer.concat(chunks).toString("utf8"));
}
