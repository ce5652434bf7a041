import { spawn } from "node:child_process";
import type { Host } from "./env.ts";

/** The program that shows an address on this platform; undefined where there is no display. */
function opener({ variables }: Pick<Host, "variables">): [string, string[]] | undefined {
  if (process.platform === "darwin") return ["open", []];
  if (process.platform === "win32") return ["rundll32", ["url.dll,FileProtocolHandler"]];
  const hasDisplay = Boolean(variables.DISPLAY || variables.WAYLAND_DISPLAY);
  return hasDisplay ? ["xdg-open", []] : undefined;
}

/** Starts the words after it so that they descend from nobody, and fails where there is no such program. */
const apart = 'command -v "$1" >/dev/null || exit 127; "$@" >/dev/null 2>&1 &';

/** Shows the address in the user's browser. False where there is none to be had: the address is then to be said. */
export async function openBrowser(address: string, host: Pick<Host, "variables">): Promise<boolean> {
  const found = opener(host);
  if (found === undefined) return false;
  const [program, words] = found;
  // A browser that is not running yet is started so. What descends from the server may not answer for a person.
  const isApart = process.platform !== "win32";
  const child = isApart
    ? spawn("sh", ["-c", apart, "sh", program, ...words, address], { stdio: "ignore", detached: true })
    : spawn(program, [...words, address], { stdio: "ignore", detached: true });
  return new Promise((resolve) => {
    child.once("error", () => resolve(false));
    if (isApart) child.once("exit", (code) => resolve(code === 0));
    else
      child.once("spawn", () => {
        child.unref();
        resolve(true);
      });
  });
}
