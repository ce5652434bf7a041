import type { Host } from "./env.ts";
import { Failure } from "./failure.ts";

/** Everything on standard input. Throws Failure "usage" in a terminal, where it would wait for somebody to type it. */
export async function readInput({ stdin }: Pick<Host, "stdin">): Promise<string> {
  if (stdin.isTTY) throw new Failure("usage", "Nothing is piped in, and no file is named.");
  let text = "";
  stdin.setEncoding("utf8");
  for await (const chunk of stdin) text += chunk;
  return text;
}
