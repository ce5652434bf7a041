import { setTimeout as delay } from "node:timers/promises";
import { AppError } from "../../schema/error.ts";
import { refused } from "./browser.ts";
import type { Flow, FlowOptions } from "./flow.ts";
import { clientOf, post, requestTokens, type TokenAnswer, type Tokens } from "./token.ts";

const grant = "urn:ietf:params:oauth:grant-type:device_code";

interface Device {
  code: string;
  /** Milliseconds between two questions, and epoch milliseconds at which the code is void. */
  interval: number;
  expires: number;
}

/** A login with a code, on any device (RFC 8628). It is asked for in the background until the person is done, refuses, or the code is void. */
export async function startDeviceFlow(options: FlowOptions): Promise<Flow> {
  const { oauth, providerID } = options;
  const scope = oauth.scopes && { scope: oauth.scopes.join(" ") };
  const answer = await post(oauth.deviceURL ?? "", { ...clientOf(oauth), ...scope });
  if (typeof answer.device_code !== "string" || typeof answer.user_code !== "string" || typeof answer.verification_uri !== "string")
    throw refused(providerID, String(answer.error_description ?? answer.error ?? "the authorization server gave no code"));
  const ends = new AbortController();
  const device: Device = {
    code: answer.device_code,
    interval: 1000 * (typeof answer.interval === "number" ? answer.interval : 5),
    expires: Date.now() + 1000 * (typeof answer.expires_in === "number" ? answer.expires_in : 900),
  };
  poll(options, device, ends.signal).then(options.done).catch(options.failed);
  const complete = answer.verification_uri_complete;
  return {
    shown: {
      url: typeof complete === "string" ? complete : answer.verification_uri,
      method: "auto",
      instructions: `Enter code: ${answer.user_code.replace(/[^\x20-\x7e]/g, "")}`,
    },
    async finish() {
      throw new AppError("BadRequest", "code: this login takes none; it ends by itself.", { field: "code" });
    },
    [Symbol.asyncDispose]: async () => ends.abort(),
  };
}

async function poll({ oauth, providerID, wait = waitFor }: FlowOptions, device: Device, signal: AbortSignal): Promise<Tokens> {
  for (let { interval } = device; ; ) {
    await wait(interval, signal);
    if (Date.now() >= device.expires) throw refused(providerID, "the code was not entered in time");
    const answer = await requestTokens(oauth, { grant_type: grant, device_code: device.code }).catch(unreachable);
    if ("tokens" in answer) return answer.tokens;
    // Both ask for more time between two questions (RFC 8628, 3.5).
    if (answer.error === "slow_down") interval += 5000;
    else if (answer.error === "unreachable") interval *= 2;
    else if (answer.error !== "authorization_pending") throw refused(providerID, answer.description ?? answer.error);
  }
}

function unreachable(error: unknown): TokenAnswer {
  if (error instanceof AppError && error.name === "ServiceUnavailableError") return { error: "unreachable" };
  throw error;
}

async function waitFor(milliseconds: number, signal: AbortSignal): Promise<void> {
  await delay(milliseconds, undefined, { signal, ref: false });
}
