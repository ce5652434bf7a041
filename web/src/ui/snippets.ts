import { curlSnippet } from "./curl.ts";
import { literal } from "./literal.ts";

/** A procedure and what it is called with. */
export interface Call {
  /** `session.create`. */
  path: string;
  type: "query" | "mutation" | "subscription";
  /** Its address over REST: `POST /session/{sessionID}/fork`. */
  rest?: string;
  /** The field of the input that is the whole body over REST. */
  payload?: string;
  /** The method of OpenCode's SDK for the same address: `session.fork`. */
  sdk?: string;
  input?: unknown;
}

/** Where it is called. */
export interface Place {
  /** `http://127.0.0.1:4096`, with the base path if there is one. */
  url: string;
  /** Absolute on the server's machine; the server's own unless told. */
  directory?: string;
  /** What the server wants to be told: snippets read it from the environment and never hold it. */
  secret?: "password" | "token";
}

export interface Snippet {
  name: "tRPC" | "SDK" | "curl";
  language: "typescript" | "shell";
  code: string;
}

/** The same call in each way to make it; by the SDK only where it has a method for it. */
export function snippetsOf(call: Call, place: Place): Snippet[] {
  return [
    { name: "tRPC", language: "typescript", code: trpcSnippet(call, place) },
    ...(call.sdk === undefined ? [] : [{ name: "SDK" as const, language: "typescript" as const, code: sdkSnippet(call, place) }]),
    { name: "curl", language: "shell", code: curlSnippet(call, place) },
  ];
}

/** By the typed client of this package. */
export function trpcSnippet({ path, type, input }: Call, place: Place): string {
  const call = `client.api.${path}`;
  if (type !== "subscription") {
    return `${trpcClient(place)}const result = await ${call}.${type === "query" ? "query" : "mutate"}(${argument(input)});\nconsole.log(result);\n`;
  }
  return `${trpcClient(place)}const subscription = ${call}.subscribe(${argument(input) || "undefined"}, {
  onData: (data) => console.log(data),
  onError: (error) => console.error(error),
});
// subscription.unsubscribe() ends it.
`;
}

/** The events after a position of the log, of one directory or of all. */
export function eventsSnippet({ after, directory }: { after: number; directory?: "all" }, place: Place): string {
  return `${trpcClient(place)}for await (const { position, event } of client.events(${literal({ after, directory })})) {
  console.log(position, event.type, event.properties);
}
`;
}

function trpcClient({ url, directory, secret }: Place): string {
  const options = withOption(literal({ url, directory }), secret && `${secret}: process.env.${variables[secret]}`);
  return `import { createClient } from "codeport/client";\n\nconst client = createClient(${options});\n`;
}

/** By OpenCode's own SDK, whose methods take path, query and body as one object. */
function sdkSnippet({ sdk, input }: Call, { url, directory, secret }: Place): string {
  const options = withOption(literal({ baseUrl: url, directory }), secret && `headers: { authorization: ${authorizations[secret]} }`);
  return `import { createOpencodeClient } from "@opencode-ai/sdk/v2";

const client = createOpencodeClient(${options});
const { data, error } = await client.${sdk}(${argument(input)});
console.log(data ?? error);
`;
}

/** Where snippets read what they must not hold. */
const variables = { password: "CODEPORT_PASSWORD", token: "CODEPORT_TOKEN" };
const authorizations = {
  password: "`Basic $" + "{btoa(`opencode:$" + "{process.env.CODEPORT_PASSWORD}`)}`",
  token: "`Bearer $" + "{process.env.CODEPORT_TOKEN}`",
};

/** An object as `literal` writes it, with one more field, which is code. */
function withOption(object: string, option: string | undefined): string {
  if (!option) return object;
  return object.endsWith(" }") ? `${object.slice(0, -2)}, ${option} }` : `${object.slice(0, -1)}  ${option},\n}`;
}

const argument = (input: unknown): string => (input === undefined ? "" : literal(input));
