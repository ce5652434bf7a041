import { createRandom, type Random } from "../chaos/random.ts";
import { type FuzzFrame, fuzzFrame } from "./fuzz-frames.ts";
import { frame, type RawSocket, rawSocket } from "./raw-socket.ts";

export interface FrameReport {
  sent: number;
  /** Connections that were used. */
  connections: number;
  /** What was answered that should not have been, with the frames of the connection. */
  faults: string[];
}

const paths = ["/ws", "/ws", "/trpc", "/trpc", "/trpc?connectionParams=1", "/ws?connectionParams=1"];
const atOnce = 8;

/** Sends so many frames over many connections. A seed makes the same ones again. The server's limit of a frame is to be 1 MiB. */
export async function fuzzFrames(url: string, { count, seed }: { count: number; seed: number }): Promise<FrameReport> {
  const report: FrameReport = { sent: 0, connections: 0, faults: [] };
  const random = createRandom(seed);
  const plans: Plan[] = [];
  for (let left = count; left > 0; ) {
    const plan = planOf(random, Math.min(left, 1 + random.below(12)));
    plans.push(plan);
    left -= plan.frames.length;
  }
  const worker = async () => {
    for (let plan = plans.pop(); plan !== undefined; plan = plans.pop()) {
      report.connections += 1;
      report.sent += plan.frames.length;
      const fault = await play(url, plan);
      if (fault !== undefined) report.faults.push(`${fault} at ${plan.path} after ${plan.frames.map(({ name }) => name).join(" | ")}`);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  return report;
}

interface Plan {
  path: string;
  frames: FuzzFrame[];
  /** Hangs up at once, without waiting for an answer. */
  leaves: boolean;
}

const announcement: FuzzFrame = {
  name: "connection parameters",
  bytes: frame(Buffer.from(JSON.stringify({ method: "connectionParams", data: { directory: "x", __proto: "y" } }))),
};

/** A frame that must end the connection is the last one. */
function planOf(random: Random, count: number): Plan {
  const path = random.pick(paths);
  // At `/ws` the first frame decides which protocol is spoken.
  const isChat = path === "/ws" && random.below(2) === 0;
  const frames: FuzzFrame[] = path.includes("connectionParams") && random.below(2) === 0 ? [announcement] : [];
  while (frames.length < count && frames.at(-1)?.closes === undefined) frames.push(fuzzFrame(random, isChat));
  return { path, frames, leaves: random.below(8) === 0 };
}

async function play(url: string, { path, frames, leaves }: Plan): Promise<string | undefined> {
  using socket = await rawSocket(url, path);
  for (const { bytes } of frames) socket.send(bytes);
  if (leaves) return faultOf(socket);
  const closes = frames.at(-1)?.closes;
  const end = await over(socket, closes);
  const isCut = end === "cut" && frames.some(({ mayCut }) => mayCut);
  // A client that announces parameters and sends none, or wrong ones, is told so and let go.
  const isTurnedAway = path.includes("connectionParams") && socket.texts.some((text) => text.includes('"error"'));
  if (end === "late" || (end === "cut" && !isCut)) return closes === undefined ? "no sign of life" : "not closed";
  if (closes !== undefined && !isCut && !isTurnedAway && socket.closeCode() !== closes)
    return `closed with ${socket.closeCode()} in place of ${closes}`;
  return faultOf(socket);
}

const patience = 30_000;
const mark = "are you there";

/** Waits for the close that must come, or for the answer to a last question in both protocols: what was sent before was taken in by then. */
async function over(socket: RawSocket, closes: number | undefined): Promise<"done" | "cut" | "late"> {
  if (closes === undefined) {
    socket.send(frame(Buffer.from(JSON.stringify({ type: "ping", id: mark }))));
    socket.send(frame(Buffer.from(JSON.stringify({ id: mark, method: "query", params: { path: "health.get", input: {} } }))));
  }
  const isDone = () => socket.closeCode() !== undefined || socket.texts.some((text) => text.includes(mark));
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<"late">((resolve) => {
    timer = setTimeout(() => resolve("late"), patience);
  });
  const told = socket.until(isDone).then((isTold) => (isTold ? "done" : "cut"));
  const end = await Promise.race([told, late]);
  clearTimeout(timer);
  return end;
}

/** What the server said that it should not say: its own fault, a stack, or something that is no JSON. */
function faultOf({ texts }: RawSocket): string | undefined {
  for (const text of texts) {
    if (/INTERNAL_SERVER_ERROR|"UnknownError"|\\n +at /.test(text)) return `a fault of the server: ${text.slice(0, 300)}`;
    if (text !== "PONG" && text !== "PING" && !isJSON(text)) return `no JSON: ${text.slice(0, 100)}`;
  }
  return undefined;
}

function isJSON(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
