import type { IncomingMessage } from "node:http";
import type { WebSocket } from "ws";
import { invalidInput, type Principal } from "../../routers/trpc.ts";
import type { ChatFrame } from "../schema/chat.ts";
import { AppError } from "../schema/error.ts";
import { ClientFrame, clientFrameTypes } from "../schema/socket.ts";
import { callProcedure } from "./call.ts";
import { createSubscriptions, type Subscriptions } from "./chat-socket-events.ts";
import { createContext } from "./context.ts";
import type { Host, Target } from "./exchange.ts";
import { toFault } from "./fault.ts";
import { createWriter, type Write } from "./socket-writer.ts";

/** A connection of `/ws` that speaks the chat protocol. */
export interface ChatConnection {
  host: Host;
  request: IncomingMessage;
  principal: Principal;
  target: Target;
  write: Write;
  /** Aborts when the connection is gone. */
  signal: AbortSignal;
  subscriptions: Subscriptions;
}

type FrameOf<Type extends ClientFrame["type"]> = Extract<ClientFrame, { type: Type }>;

/** Serves the chat protocol: each frame is a call of a procedure, under the same scopes. What is wrong with one is told; the connection stays. */
export function serveChat(host: Host, client: WebSocket, caller: Pick<ChatConnection, "request" | "principal" | "target">): void {
  const gone = new AbortController();
  client.once("close", () => gone.abort());
  const place = { ...caller, host, write: createWriter(client, gone.signal), signal: gone.signal };
  const connection: ChatConnection = { ...place, subscriptions: createSubscriptions(place) };
  client.on("message", (data: Buffer, isBinary: boolean) => void receive(connection, data, isBinary));
}

async function receive(connection: ChatConnection, data: Buffer, isBinary: boolean): Promise<void> {
  const { host, request, write } = connection;
  let id: unknown;
  try {
    const raw = parse(data, isBinary);
    id = raw.id;
    const frame = check(raw);
    await (handlers[frame.type] as (connection: ChatConnection, frame: ClientFrame) => Promise<void>)(connection, frame);
  } catch (error) {
    const { name, message, data: details } = toFault(host, request, error);
    await write({ type: "error", id, name, message, data: details });
  }
}

const handlers: { [Type in ClientFrame["type"]]: (connection: ChatConnection, frame: FrameOf<Type>) => Promise<void> } = {
  chat,
  abort: (connection, { id, sessionId }) =>
    acknowledge(connection, "session.abort", { id, type: "abort", input: { sessionID: sessionId } }),
  permission: (connection, { id, permissionId, reply, message }) =>
    acknowledge(connection, "permission.reply", { id, type: "permission", input: { requestID: permissionId, reply, message } }),
  question: (connection, { id, questionId, answers }) =>
    acknowledge(connection, "question.reply", { id, type: "question", input: { requestID: questionId, answers } }),
  question_reject: (connection, { id, questionId }) =>
    acknowledge(connection, "question.reject", { id, type: "question_reject", input: { requestID: questionId } }),
  subscribe: ({ subscriptions }, { type: _type, ...options }) => subscriptions.follow(options),
  unsubscribe: async (connection, { id }) => {
    await connection.subscriptions.end();
    await connection.write({ type: "ok", id, request: "unsubscribe" });
  },
  ping: ({ write }, { id }) => write({ type: "pong", id }),
};

/** The frames of an answer, each with the id of the message. A turn goes on when its connection is gone. */
async function chat(connection: ChatConnection, { type: _type, id, ...input }: FrameOf<"chat">): Promise<void> {
  const frames = (await call(connection, "api.stream", input)) as AsyncGenerator<ChatFrame>;
  for await (const frame of frames) {
    if (connection.signal.aborted) return;
    await connection.write({ ...frame, id });
  }
}

async function acknowledge(
  connection: ChatConnection,
  name: string,
  { id, type, input }: { id: ClientFrame["id"]; type: ClientFrame["type"]; input: unknown },
): Promise<void> {
  await call(connection, name, input);
  await connection.write({ type: "ok", id, request: type });
}

function call({ host, request, principal, target, signal }: ChatConnection, name: string, input: unknown): Promise<unknown> {
  const context = createContext(host.app, { principal, headers: request.headers, query: target.query });
  host.quota.request(principal);
  return callProcedure(host, { name, input, context, signal });
}

function parse(data: Buffer, isBinary: boolean): Record<string, unknown> {
  if (isBinary) throw new AppError("BadRequest", "A frame is JSON text, not bytes.");
  let value: unknown;
  try {
    value = JSON.parse(String(data));
  } catch (error) {
    throw new AppError("BadRequest", `The frame is not JSON: ${error instanceof Error ? error.message : error}`);
  }
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  throw new AppError("BadRequest", 'A frame is a JSON object with a "type", like {"type":"chat","message":"…","sessionId":null}.');
}

function check(raw: Record<string, unknown>): ClientFrame {
  if (!clientFrameTypes.includes(String(raw.type))) {
    const message = `type: ${JSON.stringify(raw.type)} is none of ${clientFrameTypes.join(", ")}.`;
    throw new AppError("BadRequest", message, { kind: "Payload", field: "type" });
  }
  const { success, data, error } = ClientFrame.safeParse(raw);
  if (!success) throw invalidInput(error);
  return data;
}
