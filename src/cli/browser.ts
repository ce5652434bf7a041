import { spawn } from "node:child_process";
import type { Host } from "./env.ts";

/** The program that shows an address on this platform; undefined where there is no display. */
function opener({ variables }: Pick<Host, "variables">): [string, string[]] | undefined {
  if (process.platform === "darwin") return ["open", []];
  if (process.platform === "win32") return ["rundll32", ["url.dll,FileProtocolHandler"]];
  const hasDisplay = Boolean(variables.DISPLAY || variables.WAYLAND_DISPLAY);
  return hasDisplay ? ["xdg-open", []] : undefined;
}

/** Shows the address in the user's browser. False where there is none to be had: the address is then to be said. */
export async function openBrowser(address: string, host: Pick<Host, "variables">): Promise<boolean> {
  const found = opener(host);
  if (found === undefined) return false;
  const [program, words] = found;
  return new Promise((resolve) => {
    const child = spawn(program, [...words, address], { stdio: "ignore", detached: true });
    child.once("spawn", () => {
      child.unref();
      resolve(true);
    });
    child.once("error", () => resolve(false));
  });
}
