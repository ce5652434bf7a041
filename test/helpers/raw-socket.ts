import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { connect } from "node:net";

/** A WebSocket of which every byte is the test's. */
export interface RawSocket extends Disposable {
  send(bytes: Buffer): void;
  /** The texts that came so far. */
  texts: string[];
  /** The code of the server's close frame; undefined while there was none. */
  closeCode(): number | undefined;
  /** Resolves when this holds, or the connection is over. Answers whether it holds. */
  until(when: () => boolean): Promise<boolean>;
}

export interface FrameOptions {
  opcode?: number;
  final?: boolean;
  /** The three reserved bits, as a number from 0 to 7. */
  reserved?: number;
  isMasked?: boolean;
  /** The length that is told, whatever the payload's is. */
  length?: number;
}

export const opcodes = { continuation: 0, text: 1, binary: 2, close: 8, ping: 9, pong: 10 } as const;

/** A frame as RFC 6455 has it, or with what it forbids. */
export function frame(payload: Buffer, options: FrameOptions = {}): Buffer {
  const { opcode = opcodes.text, final = true, reserved = 0, isMasked = true, length = payload.length } = options;
  const first = (final ? 0x80 : 0) | (reserved << 4) | opcode;
  const mask = isMasked ? 0x80 : 0;
  const head = length < 126 ? Buffer.from([first, mask | length]) : Buffer.alloc(length < 65_536 ? 4 : 10, first);
  if (head.length > 2) head[1] = mask | (head.length === 4 ? 126 : 127);
  if (head.length === 4) head.writeUInt16BE(length, 2);
  if (head.length === 10) head.writeBigUInt64BE(BigInt(length), 2);
  if (!isMasked) return Buffer.concat([head, payload]);
  const key = randomBytes(4);
  return Buffer.concat([head, key, payload.map((byte, index) => byte ^ (key[index % 4] ?? 0))]);
}

export async function rawSocket(url: string, path: string): Promise<RawSocket> {
  const { host, hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  await once(socket, "connect");
  const lines = [`GET ${path} HTTP/1.1`, `Host: ${host}`, "Upgrade: websocket", "Connection: Upgrade", "Sec-WebSocket-Version: 13"];
  socket.write(`${lines.join("\r\n")}\r\nSec-WebSocket-Key: ${randomBytes(16).toString("base64")}\r\n\r\n`);
  const texts: string[] = [];
  const waiting = new Set<() => void>();
  let code: number | undefined;
  let bytes = Buffer.alloc(0);
  let isOpen = false;
  const tell = () => {
    for (const look of [...waiting]) look();
  };
  socket.on("error", () => {});
  socket.on("close", tell);
  socket.on("data", (chunk: Buffer) => {
    bytes = Buffer.concat([bytes, chunk]);
    if (!isOpen) {
      const end = bytes.indexOf("\r\n\r\n");
      if (end < 0) return;
      isOpen = bytes.subarray(0, end).toString().startsWith("HTTP/1.1 101");
      bytes = bytes.subarray(end + 4);
    }
    for (let read = readFrame(bytes); read !== undefined; read = readFrame(bytes)) {
      bytes = bytes.subarray(read.size);
      if (read.opcode === opcodes.text) texts.push(read.payload.toString());
      if (read.opcode === opcodes.close) code = read.payload.length >= 2 ? read.payload.readUInt16BE(0) : 1005;
    }
    tell();
  });
  const until = (when: () => boolean): Promise<boolean> =>
    new Promise((resolve) => {
      const look = () => {
        if (!when() && !socket.closed) return;
        waiting.delete(look);
        resolve(when());
      };
      waiting.add(look);
      look();
    });
  if (!(await until(() => isOpen))) throw new Error(`No WebSocket at ${path}.`);
  return { send: (sent) => void socket.write(sent), texts, closeCode: () => code, until, [Symbol.dispose]: () => socket.destroy() };
}

function readFrame(bytes: Buffer): { opcode: number; payload: Buffer; size: number } | undefined {
  if (bytes.length < 2) return undefined;
  const short = (bytes[1] ?? 0) & 0x7f;
  const begin = short === 126 ? 4 : short === 127 ? 10 : 2;
  if (bytes.length < begin) return undefined;
  const length = short === 126 ? bytes.readUInt16BE(2) : short === 127 ? Number(bytes.readBigUInt64BE(2)) : short;
  if (bytes.length < begin + length) return undefined;
  return { opcode: (bytes[0] ?? 0) & 0x0f, payload: bytes.subarray(begin, begin + length), size: begin + length };
}
