import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { Page } from "puppeteer-core";

const source = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

interface Found {
  violations: { id: string; help: string; nodes: { html: string; failureSummary?: string }[] }[];
}

/** The next frame is there, in its last colours. */
const drawn = `new Promise(requestAnimationFrame).then(() => new Promise(requestAnimationFrame)).then(() =>
  Promise.all(document.getAnimations().filter((one) => one instanceof CSSTransition).map((one) => one.finished)))`;

/** What axe finds against a page as it stands, light and dark, on a desk and on a phone: one line for each fault. */
export async function axeFaults(page: Page): Promise<string[]> {
  const faults: string[] = [];
  await page.evaluate(source);
  for (const width of [1280, 390]) {
    await page.setViewport({ width, height: 844 });
    for (const scheme of ["light", "dark"]) {
      await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: scheme }]);
      await page.evaluate(drawn);
      const { violations } = (await page.evaluate("axe.run()")) as Found;
      const told = violations.map(({ id, help, nodes }) => `${id}: ${help}: ${nodes.map(({ html }) => html.slice(0, 200)).join(" ")}`);
      faults.push(...told.map((fault) => `${width} ${scheme}: ${fault}`));
    }
  }
  return faults;
}
