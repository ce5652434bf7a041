import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Readable } from "node:stream";
import puppeteer, { type Browser } from "puppeteer-core";
import { temporaryDirectory } from "./directory.ts";

/**
 * Runs the words after it under a process that nobody descends from, and ends them when descriptor 3 closes, however this process ends. What they say goes
 * to descriptor 4.
 */
const outside = '( "$@" 3<&- >/dev/null 2>&4 & child=$!; exec 4>&-; cat <&3 >/dev/null; kill $child 2>/dev/null ) &';

/**
 * A browser that does not descend from this process. What a server starts may not answer for a person, and in tests the server is this process. Where
 * no server looks after that (elsewhere than on Linux), a child.
 */
export async function startBrowser(executablePath: string): Promise<{ instance: Browser } & AsyncDisposable> {
  const args = ["--no-sandbox", "--disable-dev-shm-usage", "--force-color-profile=srgb"];
  if (process.platform !== "linux") {
    const instance = await puppeteer.launch({ executablePath, args });
    return { instance, [Symbol.asyncDispose]: () => instance.close() };
  }
  const profile = await temporaryDirectory();
  const words = [...(await puppeteer.defaultArgs({ args, userDataDir: profile.path })), "--remote-debugging-port=0"];
  const shell = spawn("sh", ["-c", outside, "sh", executablePath, ...words], {
    detached: true,
    stdio: ["ignore", "ignore", "ignore", "pipe", "pipe"],
  });
  const [, , , alive, said] = shell.stdio;
  const instance = await puppeteer.connect({ browserWSEndpoint: await endpointIn(said as Readable), defaultViewport: null });
  return {
    instance,
    async [Symbol.asyncDispose]() {
      await instance.close();
      alive?.destroy();
      await profile[Symbol.asyncDispose]();
    },
  };
}

/** Where a browser listens, which it says when it does. Throws Error for one that ends before. */
async function endpointIn(output: Readable): Promise<string> {
  let said = "";
  return new Promise((resolve, reject) => {
    output.setEncoding("utf8").on("data", (text: string) => {
      said += text;
      const [, found] = /DevTools listening on (ws:\S+)/.exec(said) ?? [];
      if (found !== undefined) resolve(found);
    });
    output.once("close", () => reject(new Error(`The browser ended before it listened:\n${said.slice(-2_000)}`)));
  });
}

const places = [
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/usr/bin/google-chrome-stable",
  "/snap/bin/chromium",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
  "C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe",
  "C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe",
];

/** The machine's Chromium or Chrome. Throws Error where there is none. */
export function chromium(): string {
  const named = process.env.CHROMIUM_PATH;
  const inPath = (process.env.PATH ?? "").split(":").flatMap((folder) => ["chromium", "google-chrome"].map((name) => join(folder, name)));
  const found = named ?? [...places, ...inPath].find((place) => existsSync(place));
  if (found === undefined || !existsSync(found))
    throw new Error("There is no browser to test with. Install one (Debian: apt-get install chromium), or name it in CHROMIUM_PATH.");
  return found;
}
