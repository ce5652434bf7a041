import type { ServerResponse } from "node:http";

/**
 * Keeps the connection of a long answer alive with spaces, which JSON allows before its value. The status is decided by the first
 * space: an error before it has its own status, one after it arrives as the body of a 200.
 */
export async function withKeepAlive<Value>(response: ServerResponse, milliseconds: number, work: () => Promise<Value>): Promise<Value> {
  const timer = setInterval(() => {
    if (!response.headersSent) response.writeHead(200, { "content-type": "application/json" });
    response.write(" ");
  }, milliseconds).unref();
  try {
    return await work();
  } finally {
    clearInterval(timer);
  }
}
