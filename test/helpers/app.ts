import { type App, type AppOptions, createApp } from "../../src/app.ts";
import type { Config } from "../../src/schema/config.ts";
import type { AnyEvent, EventType } from "../../src/schema/event.ts";
import type { MessageWithParts } from "../../src/schema/prompt.ts";
import { type Files, gitRepository, type TestDirectory, type TestRepository, temporaryDirectory } from "./directory.ts";
import { testEnvironment } from "./environment.ts";
import { type MockModel, mockModel } from "./model.ts";

export { testEnvironment };

export interface TestApp extends AsyncDisposable {
  app: App;
  repository: TestRepository;
  model: MockModel;
  /** A home of its own: configuration, credentials and outputs go there. */
  home: TestDirectory;
  /** The environment a process of this server would have. */
  env: NodeJS.ProcessEnv;
}

/** A real app on a repository of its own, with a scripted model as its only provider (`mock/mock-1`) and a store file in its home. */
export async function testApp(
  options: Partial<AppOptions> & { files?: Files; config?: Config | ((modelURL: string) => Config); variables?: NodeJS.ProcessEnv } = {},
): Promise<TestApp> {
  const { files, config, variables, ...rest } = options;
  const repository = await gitRepository({ files });
  const home = await temporaryDirectory();
  const model = await mockModel();
  const env = testEnvironment(home, { ...model.config(), ...(typeof config === "function" ? config(model.url) : config) }, variables);
  const app = await createApp({
    directory: repository.path,
    env,
    version: "0.0.0-test",
    retry: { attempts: 3, initial: 1, maximum: 5 },
    fetchLocal: async () => ({}),
    onError: fail,
    ...rest,
  });
  return {
    app,
    repository,
    model,
    home,
    env,
    async [Symbol.asyncDispose]() {
      await app[Symbol.asyncDispose]();
      for (const resource of [model, repository, home]) await resource[Symbol.asyncDispose]();
    },
  };
}

/** What nobody waited for must not fail unseen in a test. */
export function fail(error: unknown): void {
  queueMicrotask(() => {
    throw error;
  });
}

export const say = (text: string) => ({ parts: [{ type: "text" as const, text }] });

/** The events of the app from now on. `until` resolves with all seen so far, once one has the type (and fulfils the condition). */
export function watch(app: App): {
  seen: AnyEvent[];
  until<Type extends EventType>(
    type: Type,
    when?: (event: Extract<AnyEvent, { type: Type }>) => boolean,
  ): Promise<Extract<AnyEvent, { type: Type }>>;
} & Disposable {
  const ends = new AbortController();
  const seen: AnyEvent[] = [];
  const waiting = new Set<(event: AnyEvent) => void>();
  const entries = app.log.read({ signal: ends.signal });
  const follow = async () => {
    for await (const { event } of entries) {
      seen.push(event);
      for (const look of [...waiting]) look(event);
    }
  };
  void follow();
  return {
    seen,
    until: (type, when = () => true) =>
      new Promise((resolve) => {
        const look = (event: AnyEvent) => {
          if (event.type !== type || !when(event as never)) return;
          waiting.delete(look);
          resolve(event as never);
        };
        waiting.add(look);
        for (const event of seen) look(event);
      }),
    [Symbol.dispose]: () => ends.abort(),
  };
}

export function textOf({ parts }: MessageWithParts): string {
  return parts.map((part) => (part.type === "text" ? part.text : "")).join("");
}
