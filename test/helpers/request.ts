export interface Answered<Body> {
  status: number;
  headers: Headers;
  /** The parsed JSON; undefined where there is none. */
  body: Body;
}

/** One request, its body as JSON. */
export async function request<Body = unknown>(
  url: string,
  { method = "GET", body, headers = {} }: { method?: string; body?: unknown; headers?: Record<string, string> } = {},
): Promise<Answered<Body>> {
  const content = body === undefined ? {} : { "content-type": "application/json" };
  const sent = body === undefined ? {} : { body: JSON.stringify(body) };
  const response = await fetch(url, { method, headers: { ...content, ...headers }, ...sent });
  const text = await response.text();
  return { status: response.status, headers: response.headers, body: text === "" ? undefined : JSON.parse(text) };
}

/** Calls by address: `call("POST /session", { title: "A" })`. */
export function restClient(url: string, headers: Record<string, string> = {}) {
  return <Body = unknown>(address: string, body?: unknown): Promise<Answered<Body>> => {
    const [method = "GET", path = "/"] = address.split(" ");
    return request<Body>(url + path, { method, body, headers });
  };
}

/** What a call of the official client answered. Throws where it failed: the programs of the tests do not look. */
export function dataOf<Data>({ data, error }: { data?: Data; error?: unknown }): Data {
  if (data === undefined) throw new Error(`The call failed: ${JSON.stringify(error)}`);
  return data;
}
