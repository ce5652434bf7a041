import { createRandom } from "../chaos/random.ts";
import { type RawRequest, rawRequest } from "./fuzz-raw.ts";
import { type RawAnswer, sendRaw, unchunked } from "./raw-client.ts";

export interface RawReport {
  sent: number;
  /** How often each status was answered; 0: none. */
  statuses: Record<number, number>;
  /** What was answered that should not have been, each with its request. */
  faults: string[];
}

const atOnce = 16;

/** Sends so many odd requests on raw connections. A seed makes the same ones again. */
export async function fuzzRequests(url: string, { count, seed }: { count: number; seed: number }): Promise<RawReport> {
  const report: RawReport = { sent: 0, statuses: {}, faults: [] };
  const random = createRandom(seed);
  const host = new URL(url).host;
  const requests = Array.from({ length: count }, () => rawRequest(random, host));
  const worker = async () => {
    for (let request = requests.pop(); request !== undefined; request = requests.pop()) {
      const answer = await sendRaw(url, request.bytes, request);
      report.sent += 1;
      report.statuses[answer.status] = (report.statuses[answer.status] ?? 0) + 1;
      const fault = faultOf(request, answer);
      if (fault !== undefined) report.faults.push(describe(fault, request, answer));
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  return report;
}

function faultOf(request: RawRequest, answer: RawAnswer): string | undefined {
  const { status, headers, body, late } = answer;
  const { refused, hangUp, isHead } = request;
  if (late) return "no answer";
  if (status === 0) return hangUp ? undefined : "hung up on without a word";
  if (status >= 500) return "a fault of the server";
  if (refused && !refused.status.includes(status)) return `not refused with ${refused.status}`;
  if (status < 400 || isHead) return undefined;
  if (headers["x-content-type-options"] !== "nosniff") return "a refusal without security headers";
  const message = messageOf(unchunked(answer));
  if (message === undefined) return "a refusal that names nothing";
  if (/\n\s+at /.test(body)) return "a stack";
  return refused && !refused.says.test(message) ? `a refusal that does not speak of ${refused.says}` : undefined;
}

/** Of the one error shape, or inside the envelope of tRPC, alone or in a batch. */
function messageOf(body: string): string | undefined {
  try {
    const first = [JSON.parse(body)].flat().find((answer) => answer?.error !== undefined || answer?.message !== undefined);
    const message: unknown = first?.error?.json?.message ?? first?.error?.message ?? first?.message;
    return typeof message === "string" && message !== "" ? message : undefined;
  } catch {
    return undefined;
  }
}

function describe(fault: string, { name, bytes }: RawRequest, { status, body }: RawAnswer): string {
  return `${fault} (${name}): ${JSON.stringify(bytes.subarray(0, 300).toString())}\n  ${status} ${body.slice(0, 300)}`;
}
