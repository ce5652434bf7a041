import { type IncomingMessage, STATUS_CODES } from "node:http";
import type { Duplex } from "node:stream";
import { AppError } from "../schema/error.ts";
import { errorHeaders } from "./answer.ts";

/** Answers a connection that has no HTTP response (an upgrade, a request that could not be read) with an error in the shape of all errors, and closes it. */
export function refuseConnection(socket: Duplex, error: AppError, request?: IncomingMessage): void {
  const body = JSON.stringify(error.toBody());
  const lines = [
    ["connection", "close"],
    ["content-type", "application/json"],
    ["x-content-type-options", "nosniff"],
    ["content-length", String(Buffer.byteLength(body))],
    ...errorHeaders(error, request),
  ].map(([name, value]) => `${name}: ${value}\r\n`);
  socket.once("finish", () => socket.destroy());
  socket.end(`HTTP/1.1 ${error.status} ${STATUS_CODES[error.status]}\r\n${lines.join("")}\r\n${body}`);
}

/** Bytes of a request's first line and headers. */
export const maxHeaderSize = 48 * 1024;

/** What Node's parser refuses, before there is a request. */
export function refuseUnreadable(error: Error & { code?: string }, socket: Duplex): void {
  if (error.code === "ECONNRESET" || !socket.writable) {
    socket.destroy();
    return;
  }
  refuseConnection(socket, unreadable(error.code));
}

/** `CONNECT` is for proxies. */
export function refuseTunnel(_request: IncomingMessage, socket: Duplex): void {
  socket.on("error", () => socket.destroy());
  refuseConnection(socket, new AppError("MethodNotAllowedError", "CONNECT is not allowed: this server is no proxy.", { allow: [] }));
}

function unreadable(code: string | undefined): AppError {
  if (code === "HPE_HEADER_OVERFLOW") {
    return new AppError("HeadersTooLargeError", `The headers are larger than ${maxHeaderSize} bytes.`, { limit: maxHeaderSize });
  }
  if (code === "ERR_HTTP_REQUEST_TIMEOUT")
    return new AppError(
      "RequestTimeoutError",
      "The request did not arrive in time: its headers are due within a minute, all of it within five.",
    );
  return new AppError("BadRequest", "This is not a request that HTTP/1.1 allows.", { kind: "Headers", code });
}
