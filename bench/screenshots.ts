import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "puppeteer-core";
import { chromium, startBrowser } from "../test/helpers/chromium.ts";
import { playScene, type Scene } from "./screenshots/scene.ts";

/** The pictures of the README: the built server, a scripted model, a real browser. `npm run screenshots`; writes `docs/screenshots/*.png`, 1280 × 800. */
const folder = join(import.meta.dirname, "..", "docs", "screenshots");

const screens = ({ sessionID }: Scene) => [
  { name: "session", path: `session/${sessionID}`, ready: "button ::-p-text(Allow once)" },
  { name: "timeline", path: `timeline?session=${sessionID}`, ready: "main ol > li > button" },
  { name: "inbox", path: "inbox", ready: "form ::-p-text(By age)" },
];

async function main(): Promise<void> {
  mkdirSync(folder, { recursive: true });
  await using scene = await playScene();
  await using browser = await startBrowser(chromium());
  const page = await browser.instance.newPage();
  await page.setViewport({ width: 1280, height: 800 });
  for (const scheme of ["light", "dark"]) {
    await page.emulateMediaFeatures([
      { name: "prefers-color-scheme", value: scheme },
      { name: "prefers-reduced-motion", value: "reduce" },
    ]);
    for (const screen of screens(scene)) await take(page, { url: scene.url, scheme, ...screen });
  }
}

/** Loads the page for each picture: one that changes its theme blends the colours for a while. */
async function take(
  page: Page,
  { url, name, path, ready, scheme }: Record<"url" | "name" | "path" | "ready" | "scheme", string>,
): Promise<void> {
  await page.goto(`${url}/web/${path}`);
  await page.waitForSelector(ready);
  await page.waitForNetworkIdle({ idleTime: 700, concurrency: 0 });
  const picture = await page.screenshot({ captureBeyondViewport: false });
  writeFileSync(join(folder, `${name}-${scheme}.png`), picture);
  console.log(`docs/screenshots/${name}-${scheme}.png: ${Math.round(picture.length / 1_000)} kB`);
}

await main();
