export interface Answered<Body> {
  status: number;
  headers: Headers;
  /** The parsed JSON; undefined where there is none. */
  body: Body;
}

/** One request, its body as JSON. */
export async function request<Body = unknown>(
  url: string,
  { method = "GET", body }: { method?: string; body?: unknown } = {},
): Promise<Answered<Body>> {
  const sent = body === undefined ? {} : { body: JSON.stringify(body), headers: { "content-type": "application/json" } };
  const response = await fetch(url, { method, ...sent });
  const text = await response.text();
  return { status: response.status, headers: response.headers, body: text === "" ? undefined : JSON.parse(text) };
}

/** What a call of the official client answered. Throws where it failed: the programs of the tests do not look. */
export function dataOf<Data>({ data, error }: { data?: Data; error?: unknown }): Data {
  if (data === undefined) throw new Error(`The call failed: ${JSON.stringify(error)}`);
  return data;
}
