import { connect } from "node:net";

export interface RawAnswer {
  /** 0: the connection was closed without a word, or nothing came in time. */
  status: number;
  /** Header names in lower case. */
  headers: Record<string, string>;
  body: string;
  /** Nothing came in time, or not the whole of it. */
  late: boolean;
}

const patience = 30_000;

/** Sends these bytes on a connection of its own and reads one answer. `hangUp`: says that nothing more comes, as a client does that gives up halfway. */
export function sendRaw(url: string, bytes: Buffer, options: { hangUp?: boolean; isHead?: boolean } = {}): Promise<RawAnswer> {
  const { port, hostname } = new URL(url);
  return new Promise((resolve) => {
    const socket = connect(Number(port), hostname);
    const chunks: Buffer[] = [];
    const finish = (late: boolean) => {
      clearTimeout(timer);
      socket.destroy();
      resolve({ ...parse(Buffer.concat(chunks)), late });
    };
    const timer = setTimeout(() => finish(true), patience);
    socket.on("error", () => {});
    socket.on("close", () => finish(false));
    socket.on("data", (chunk) => {
      chunks.push(chunk);
      if (isComplete(Buffer.concat(chunks), options.isHead === true)) finish(false);
    });
    socket.write(bytes);
    if (options.hangUp) socket.end();
  });
}

/** Event streams have no end: their head is enough. */
function isComplete(bytes: Buffer, isHead: boolean): boolean {
  const { status, headers, body } = parse(bytes);
  if (status === 0) return false;
  if (isHead || status === 204 || status === 304 || status === 101 || headers["content-type"]?.startsWith("text/event-stream")) return true;
  if (headers["transfer-encoding"] === "chunked") return body.endsWith("0\r\n\r\n");
  return headers["content-length"] !== undefined && Buffer.byteLength(body) >= Number(headers["content-length"]);
}

/** The final answer: a `100 Continue` before it is passed over. */
function parse(bytes: Buffer): Omit<RawAnswer, "late"> {
  const text = bytes.toString("utf8").replace(/^(HTTP\/1\.1 1(?!01)\d\d [^\r]*\r\n\r\n)+/, "");
  const end = text.indexOf("\r\n\r\n");
  const [first = "", ...lines] = text.slice(0, Math.max(0, end)).split("\r\n");
  const status = Number(/^HTTP\/1\.1 (\d{3})/.exec(first)?.[1] ?? 0);
  const headers = lines.map((line) => [line.slice(0, line.indexOf(":")).toLowerCase(), line.slice(line.indexOf(":") + 1).trim()]);
  return { status, headers: Object.fromEntries(headers), body: text.slice(end + 4) };
}

/** The text of a body, taken out of its chunks. */
export function unchunked({ headers, body }: Pick<RawAnswer, "headers" | "body">): string {
  if (headers["transfer-encoding"] !== "chunked") return body;
  let [bytes, text] = [Buffer.from(body), ""];
  for (;;) {
    const end = bytes.indexOf("\r\n");
    const size = Number.parseInt(bytes.subarray(0, Math.max(0, end)).toString(), 16);
    if (!(size > 0)) return text;
    text += bytes.subarray(end + 2, end + 2 + size).toString();
    bytes = bytes.subarray(end + 4 + size);
  }
}
