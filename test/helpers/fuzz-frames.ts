import type { Random } from "../chaos/random.ts";
import { listedProcedures } from "./procedures.ts";
import { frame, opcodes } from "./raw-socket.ts";

/** Frames of one kind that go out together. */
export interface FuzzFrame {
  name: string;
  bytes: Buffer;
  /** The server must close the connection, with this code. */
  closes?: number;
  /** The server may cut the connection, in the middle of whatever it is. */
  mayCut?: boolean;
}

const procedures = listedProcedures.filter(({ meta }) => !meta.rest?.endless);
const odd = [
  null,
  true,
  -1,
  0.5,
  Number.MAX_VALUE,
  "",
  "x",
  "\u0000",
  "__proto__",
  "a".repeat(5_000),
  [],
  [[]],
  {},
  { json: {} },
  { __proto: 1 },
  [null, {}],
];
const ids = [1, 1, 2, -1, 0.5, null, "a", "a".repeat(1_000), { a: 1 }, [1], 2 ** 53, undefined, true];
const deep = (levels: number) => '{"a":['.repeat(levels) + "]}".repeat(levels);
const polluted = '{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}}}';

/** What a client sends next: mostly text that is nearly right, sometimes frames that are none. */
export function fuzzFrame(random: Random, isChat: boolean): FuzzFrame {
  const kind = random.below(10);
  if (kind < 6) return words(random, isChat);
  return random.pick(kind < 8 ? shapes : broken)(random, words(random, isChat).bytes);
}

function words(random: Random, isChat: boolean): FuzzFrame {
  const [name, text] = random.below(4) === 0 ? ["odd text", oddText(random)] : isChat ? ["chat", chat(random)] : ["trpc", trpc(random)];
  return { name: `${name} ${text.slice(0, 200)}`, bytes: frame(Buffer.from(text)) };
}

function oddText(random: Random): string {
  return random.pick([
    "",
    "PING",
    "PONG",
    "null",
    "5",
    "{",
    "[]",
    "[[]]",
    "[null]",
    '"x"',
    "undefined",
    "{}",
    '{"type":5}',
    '{"id":1}',
    "[".repeat(20_000),
    deep(4_000),
    polluted,
    `{"id":1,"method":"query","params":{"path":"path.get","input":${polluted}}}`,
    `{"type":"ping","id":${polluted}}`,
    JSON.stringify("x".repeat(200_000)),
    `${" ".repeat(100_000)}{}`,
  ]);
}

function trpc(random: Random): string {
  const call = () => {
    const { name, type } = random.pick(procedures);
    const method = random.pick([type, type, "query", "mutation", "subscription", "subscription.stop", "__proto__", "connectionParams", 5]);
    const path = random.pick([name, name, name, `${name}.x`, "__proto__", "constructor.name", "", 7, null]);
    const input = random.pick([{ json: random.pick(odd) }, { json: {}, meta: { values: random.pick(odd) } }, ...odd]);
    const params = random.pick([{ path, input }, { path, input }, { path, input, lastEventId: random.pick(odd) }, ...odd]);
    return {
      id: random.pick(ids),
      jsonrpc: random.pick(["2.0", "1.0", undefined, 5]),
      method,
      params,
      data: random.pick([undefined, ...odd]),
    };
  };
  return JSON.stringify(random.below(5) === 0 ? Array.from({ length: random.below(8) }, call) : call());
}

const types = [
  "chat",
  "abort",
  "permission",
  "question",
  "question_reject",
  "subscribe",
  "unsubscribe",
  "ping",
  "__proto__",
  "toString",
  5,
];
const fields = [
  "message",
  "sessionId",
  "agent",
  "model",
  "permissionId",
  "reply",
  "questionId",
  "answers",
  "after",
  "directory",
  "types",
  "files",
];

function chat(random: Random): string {
  const own = Array.from(
    { length: random.below(5) },
    () => [random.pick(fields), random.pick([...odd, "ses_unknown", "once", 0])] as const,
  );
  return JSON.stringify({ type: random.pick(types), id: random.pick(ids), ...Object.fromEntries(own) });
}

type Shape = (random: Random, text: Buffer) => FuzzFrame;

/** What the protocol allows. */
const shapes: Shape[] = [
  (random) => {
    const payload = Buffer.from(trpc(random));
    const cuts = 1 + random.below(6);
    const size = Math.ceil(payload.length / (cuts + 1));
    const pieces = Array.from({ length: cuts + 1 }, (_, at) => payload.subarray(at * size, (at + 1) * size));
    const frames = pieces.flatMap((piece, at) => {
      const opcode = at === 0 ? opcodes.text : opcodes.continuation;
      const ping = random.below(3) === 0 ? [frame(Buffer.from("between"), { opcode: opcodes.ping })] : [];
      return [frame(piece, { opcode, final: at === cuts }), ...ping];
    });
    return { name: "fragments", bytes: Buffer.concat(frames) };
  },
  (random) => ({
    name: "binary",
    bytes: frame(Buffer.from(random.pick([trpc(random), chat(random), "\u0000\u0001"])), { opcode: opcodes.binary }),
  }),
  (random) => ({
    name: "ping flood",
    mayCut: true,
    bytes: Buffer.concat(Array.from({ length: 200 }, () => frame(Buffer.alloc(random.below(126)), { opcode: opcodes.ping }))),
  }),
  () => ({ name: "pongs nobody asked for", bytes: frame(Buffer.from("x"), { opcode: opcodes.pong }) }),
  (random) => {
    const same = Buffer.from(JSON.stringify({ id: 7, method: "subscription", params: { path: "event.subscribe", input: { json: {} } } }));
    return { name: "one id many times", bytes: Buffer.concat(Array.from({ length: 2 + random.below(20) }, () => frame(same))) };
  },
  () => ({
    name: "an empty message in pieces",
    bytes: Buffer.concat([frame(Buffer.alloc(0), { final: false }), frame(Buffer.alloc(0), { opcode: 0 })]),
  }),
];

/** What it forbids, with the code by which the server must hang up. */
const broken: Shape[] = [
  () => ({ name: "broken UTF-8", bytes: frame(Buffer.from([0x7b, 0xc3, 0x28, 0x7d])), closes: 1007 }),
  (random, text) => ({
    name: "reserved bits",
    bytes: Buffer.concat([frame(Buffer.from("{}"), { reserved: 1 + random.below(3) }), text]),
    closes: 1002,
  }),
  () => ({ name: "no mask", bytes: frame(Buffer.from("{}"), { isMasked: false }), closes: 1002 }),
  () => ({ name: "continuation of nothing", bytes: frame(Buffer.from("{}"), { opcode: opcodes.continuation }), closes: 1002 }),
  (random) => ({ name: "unknown opcode", bytes: frame(Buffer.from("{}"), { opcode: random.pick([3, 7, 11, 15]) }), closes: 1002 }),
  () => ({ name: "control frame in pieces", bytes: frame(Buffer.from("x"), { opcode: opcodes.ping, final: false }), closes: 1002 }),
  () => ({ name: "control frame too long", bytes: frame(Buffer.alloc(126), { opcode: opcodes.ping }), closes: 1002 }),
  () => ({ name: "length beyond the limit", bytes: frame(Buffer.from("{}"), { length: 2 ** 40 }), closes: 1009 }),
  () => ({ name: "length beyond what numbers hold", bytes: frame(Buffer.from("{}"), { length: 2 ** 60 }), closes: 1009 }),
  () => ({ name: "more than the limit", bytes: frame(Buffer.alloc((1 << 20) + 1, 0x20)), closes: 1009, mayCut: true }),
  (random) => ({
    name: "bad close code",
    bytes: frame(Buffer.from([0, random.below(250)]), { opcode: opcodes.close }),
    closes: 1002,
  }),
];
