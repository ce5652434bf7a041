/** An answer over HTTP: its status and its body, parsed where it is JSON. */
export interface Answered {
  status: number;
  body: unknown;
}

/** One JSON request. `await ask(url, "PATCH", { model: "a/b" })` */
export async function ask(url: string, method: string, body?: unknown): Promise<Answered> {
  const content = body === undefined ? {} : { headers: { "content-type": "application/json" }, body: JSON.stringify(body) };
  const response = await fetch(url, { method, ...content });
  const text = await response.text();
  return { status: response.status, body: response.headers.get("content-type")?.startsWith("application/json") ? JSON.parse(text) : text };
}
