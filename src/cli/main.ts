import { currentHost, type Host } from "./env.ts";
import { exitCodes, Failure, oneLine, toFailure } from "./failure.ts";
import { readPlainServe } from "./quick.ts";

/**
 * The program. Data goes to stdout, talk to stderr, and every failure is one line there and an exit code (see `failure.ts`).
 * Each command's code is loaded when it is asked for, so that help answers at once.
 */
async function main(host: Host): Promise<number> {
  if (Object.keys(host.variables).some((name) => /^https?_proxy$/i.test(name))) await honourProxies(host);
  const plain = readPlainServe(host.arguments);
  if (plain !== undefined) return (await import("./serve.ts")).serve(plain, host);
  if (host.arguments.length === 0) return (await import("./attach.ts")).attachToOwn({}, host);
  const { readArguments } = await import("./arguments.ts");
  const request = await readArguments(host.arguments, CODEPORT_VERSION);
  if (request.command === "serve") return (await import("./serve.ts")).serve(request.flags, host);
  if (request.command === "web") return (await import("./web.ts")).web(request.flags, host);
  if (request.command === "run") return (await import("./run.ts")).run(request.flags, host);
  if (request.command === "completion") return (await import("./completion.ts")).completion(request.shell, host);
  if (request.command === "attach") return (await import("./attach.ts")).attach(request.flags, host);
  if (request.command === "terminal") return (await import("./attach.ts")).attachToOwn(request.flags, host);
  if (request.command === "token" || request.command === "trust" || request.command === "audit")
    return (await import("./manage.ts")).manage(request, host);
  if (request.command === "backup") return (await import("./backup.ts")).backup(request.flags, host);
  if (request.command === "doctor") return (await import("./doctor.ts")).doctor(request.flags, host);
  if (request.command !== "print") return (await import("./served.ts")).served(request, host);
  host.stdout.write(`${request.text}\n`);
  return exitCodes.ok;
}

async function honourProxies({ variables, stderr }: Host): Promise<void> {
  const { callByProxies, proxiesOf } = await import("../proxy/proxy.ts");
  const proxies = proxiesOf(variables);
  if (proxies === undefined) return;
  try {
    callByProxies(proxies);
  } catch (error) {
    stderr.write(`warning: ${oneLine(error instanceof Error ? error.message : String(error))}\n`);
  }
}

function report(error: unknown, host: Host): number {
  const failure = error instanceof Failure ? error : toFailure(error);
  if (failure.message !== "") host.stderr.write(`codeport: ${oneLine(failure.message)}\n`);
  if (host.variables.CODEPORT_DEBUG) console.error(failure);
  return failure.exitCode;
}

/**
 * A reader that goes away (`codeport session list | head`) ends what it was for, without a word; a server goes on without one. What stderr
 * cannot say is lost, and no reason to stop.
 */
function watchOutputs({ stdout, stderr }: Host): { fault(): Failure | undefined } {
  let failure: Failure | undefined;
  stderr.on("error", () => undefined);
  stdout.on("error", (error: NodeJS.ErrnoException) => {
    const isUnread = error.code === "EPIPE";
    failure ??= isUnread ? new Failure("interrupt", "") : new Failure("task", `The output cannot be written: ${error.message}.`);
  });
  return { fault: () => failure };
}

/** Resolves when everything written has left, or can no longer. */
function flushed(stream: NodeJS.WritableStream): Promise<void> {
  return new Promise((resolve) => stream.write("", () => resolve()));
}

const host = currentHost();
// Should the work ever be left with nothing to wait for, Node ends, and that is no success.
process.exitCode = exitCodes.task;
const outputs = watchOutputs(host);
process.exitCode = await main(host).catch((error: unknown) => report(error, host));
await Promise.all([flushed(host.stdout), flushed(host.stderr)]);
const fault = outputs.fault();
if (fault !== undefined && process.exitCode === exitCodes.ok) process.exitCode = report(fault, host);
// Something that a service left open must not hold a program that is done.
setTimeout(() => process.exit(), 1_000).unref();
