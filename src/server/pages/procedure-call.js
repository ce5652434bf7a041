/**
 * Calls a procedure with tRPC's own protocol (superjson's plain form) and shows what comes: `show(value)` for each answer, once for a query or
 * mutation. Resolves when it is over; throws Error with the server's message.
 */
export async function call(procedure, { trpc, input, headers, signal, show }) {
  const json = input === undefined ? undefined : JSON.stringify({ json: input });
  const query = json === undefined || procedure.type === "mutation" ? "" : `?input=${encodeURIComponent(json)}`;
  const response = await fetch(`${trpc}/${procedure.path}${query}`, {
    method: procedure.type === "mutation" ? "POST" : "GET",
    body: procedure.type === "mutation" ? (json ?? "") : undefined,
    headers: { ...headers, ...acceptOf(procedure) },
    signal,
  });
  if (!response.ok) throw new Error(await faultOf(response));
  if (procedure.type !== "subscription") return show((await response.json()).result?.data?.json ?? null);
  for await (const frame of frames(response.body)) receive(frame, show);
}

function acceptOf({ type }) {
  if (type === "mutation") return { "content-type": "application/json" };
  return type === "subscription" ? { accept: "text/event-stream" } : {};
}

async function faultOf(response) {
  const text = await response.text();
  try {
    const { error } = JSON.parse(text);
    const { message, data } = error.json ?? error;
    return `${data?.name ?? response.status}: ${message}\n${JSON.stringify(data?.data ?? {}, null, 2)}`;
  } catch {
    return `${response.status}: ${text}`;
  }
}

/** The frames of an event stream, as `{ id, event, data }`. */
async function* frames(body) {
  let rest = "";
  for await (const chunk of readable(body.pipeThrough(new TextDecoderStream()))) {
    const parts = (rest + chunk).split("\n\n");
    rest = parts.pop();
    for (const part of parts) yield Object.fromEntries(part.split("\n").map(field).filter(Boolean));
  }
}

function field(line) {
  const [name, ...value] = line.split(": ");
  return name === "" ? undefined : [name, value.join(": ")];
}

// Not every browser iterates streams.
async function* readable(stream) {
  const reader = stream.getReader();
  for (let next = await reader.read(); !next.done; next = await reader.read()) yield next.value;
}

function receive({ id, event, data }, show) {
  if (event === "connected" || event === "ping" || event === "return" || data === undefined) return;
  const value = JSON.parse(data);
  if (event === "serialized-error") throw new Error(JSON.stringify(value.json ?? value, null, 2));
  show(value.json ?? value, id);
}
