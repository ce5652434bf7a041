import type { Call, Place } from "./snippets.ts";

interface Request {
  method: string;
  /** With the query. */
  path: string;
  /** Of the body, which is JSON; none is sent without. */
  body?: unknown;
  isStream?: boolean;
}

/** By curl, for a POSIX shell: over REST where the call has an address there that can say it, else over tRPC. */
export function curlSnippet(call: Call, place: Place): string {
  return curlOf(restRequest(call) ?? trpcRequest(call), place);
}

/** The event stream after a position of the log, of one directory or of all. */
export function curlEvents({ after, directory }: { after: number; directory?: "all" }, place: Place): string {
  const path = `${directory === "all" ? "/global/event" : "/event"}?after=${after}`;
  return curlOf({ method: "GET", path, isStream: true }, place);
}

function curlOf({ method, path, body, isStream }: Request, { url, directory, secret }: Place): string {
  const lines = [
    `curl ${isStream ? "-N " : ""}${method === "GET" ? "" : `-X ${method} `}${quoted(`${url}${path}`)}`,
    ...(isStream ? [`-H ${quoted("accept: text/event-stream")}`] : []),
    ...(secret === undefined ? [] : [credentials[secret]]),
    ...(directory === undefined ? [] : [`-H ${quoted(`x-opencode-directory: ${encodeURIComponent(directory)}`)}`]),
    ...(body === undefined ? [] : [`-H ${quoted("content-type: application/json")}`, `--data-raw ${quoted(JSON.stringify(body))}`]),
  ];
  return `${lines.join(" \\\n  ")}\n`;
}

/** Read from the environment: a command stays in the shell's history. */
const credentials = { password: `-u "opencode:$CODEPORT_PASSWORD"`, token: `-H "authorization: Bearer $CODEPORT_TOKEN"` };

/** For a POSIX shell: everything stands for itself between single quotes, but for the quote. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

/** tRPC's own protocol, in superjson's plain form. */
function trpcRequest({ path, type, input }: Call): Request {
  const json = input === undefined ? undefined : { json: input };
  if (type === "mutation") return { method: "POST", path: `/trpc/${path}`, body: json ?? {} };
  const query = json === undefined ? "" : `?input=${encodeURIComponent(JSON.stringify(json))}`;
  return { method: "GET", path: `/trpc/${path}${query}`, isStream: type === "subscription" };
}

/** `undefined` where the input does not fit the address: a field of the path is missing, or one of a query is neither text nor number nor a list of those. */
function restRequest({ rest, payload, type, input = {} }: Call): Request | undefined {
  const [method, template] = rest?.split(" ") ?? [];
  if (method === undefined || template === undefined || type === "subscription" || !isRecord(input)) return undefined;
  const fields = new Map(Object.entries(input).filter(([, value]) => value !== undefined));
  const path = filled(template, fields);
  if (path === undefined) return undefined;
  if (method === "GET") return withQuery({ method, path }, fields);
  if (payload === undefined) return { method, path, body: fields.size === 0 ? undefined : Object.fromEntries(fields) };
  const body = fields.get(payload);
  fields.delete(payload);
  return withQuery({ method, path, body }, fields);
}

/** The template with the fields that it names, which are taken out of `fields`. */
function filled(template: string, fields: Map<string, unknown>): string | undefined {
  const names = [...template.matchAll(/\{(\w+)[^}]*\}/g)].map(([, name = ""]) => name);
  if (!names.every((name) => isPlain(fields.get(name)) && fields.get(name) !== "")) return undefined;
  const path = template.replaceAll(/\{(\w+)[^}]*\}/g, (_whole, name: string) => encodeURIComponent(String(fields.get(name))));
  for (const name of names) fields.delete(name);
  return path;
}

function withQuery(request: Request, fields: Map<string, unknown>): Request | undefined {
  const query = new URLSearchParams();
  for (const [name, value] of fields) {
    const values = Array.isArray(value) ? value : [value];
    if (!values.every(isPlain)) return undefined;
    for (const item of values) query.append(name, String(item));
  }
  const text = query.toString();
  return { ...request, path: text === "" ? request.path : `${request.path}?${text}` };
}

const isPlain = (value: unknown): boolean => ["string", "number", "boolean"].includes(typeof value);

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
