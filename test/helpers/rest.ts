import { send } from "./host.ts";

export interface RestAnswer<Body> {
  status: number;
  json: Body;
  headers: Record<string, unknown>;
}

/** Calls of REST addresses, with a JSON body if one is given. The answer's type is the caller's word: routes validate their output themselves. */
export function restClient(url: string, headers: Record<string, string> = {}) {
  return async <Body = never>(address: string, body?: unknown): Promise<RestAnswer<Body>> => {
    const [method = "GET", path = "/"] = address.split(" ");
    const content = body === undefined ? {} : { body: JSON.stringify(body), headers: { "content-type": "application/json", ...headers } };
    const reply = await send(url + path, { method, headers, ...content });
    return { status: reply.status, json: reply.json as Body, headers: reply.headers };
  };
}
