import type { Host } from "./env.ts";
import { Failure } from "./failure.ts";

/** Asks in a terminal for a line that is not shown. Throws Failure "interrupt" on Ctrl-C and Ctrl-D. */
export async function askSecret(question: string, { stdin, stderr }: Pick<Host, "stdin" | "stderr">): Promise<string> {
  stderr.write(question);
  // Keys come one by one from now on, and nothing writes them to the screen.
  stdin.setRawMode(true);
  stdin.setEncoding("utf8");
  let typed = "";
  try {
    for await (const keys of stdin.iterator({ destroyOnReturn: false })) {
      const text: string = String(keys);
      for (const key of text.replace(pasted, "")) {
        if (key === "\r" || key === "\n") return typed;
        if (key === "\u0003" || key === "\u0004") throw new Failure("interrupt", "Interrupted.");
        typed = key === "\u007f" || key === "\b" ? typed.slice(0, -1) : typed + key;
      }
    }
    return typed;
  } finally {
    stdin.setRawMode(false);
    stdin.pause();
    stderr.write("\n");
  }
}

/** The marks that a terminal puts around what is pasted. */
const pasted = new RegExp(`${String.fromCharCode(27)}\\[20[01]~`, "g");
