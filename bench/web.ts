import { mkdirSync, writeFileSync } from "node:fs";
import { cpus, loadavg } from "node:os";
import { chromium, startBrowser } from "../test/helpers/chromium.ts";
import { accessibility, firstLoad, freshPage, openLong } from "./web/measure.ts";
import { messages, startPlace } from "./web/place.ts";

/**
 * What the web interface costs who opens it, in a real browser on the built server: what the first load transfers and how soon something is drawn, how soon
 * a session of 1,000 messages is there and how much of the document it takes, what axe finds on every screen, and what leaves the origin. Each time
 * is the median of five pages that have nothing in their cache. `npm run bench:web`; writes `bench/results/web.json`, and fails where a budget is broken.
 */
const rounds = 5;

interface Line {
  what: string;
  unit: string;
  measured: number;
  budget: number;
}

async function main(): Promise<void> {
  const loadBefore = Math.round((loadavg()[0] ?? 0) * 10) / 10;
  await using place = await startPlace();
  await using browser = await startBrowser(chromium());
  const version = await browser.instance.version();
  const foreign = new Set<string>();
  const loads = [];
  const openings = [];
  for (let round = 0; round < rounds; round += 1) {
    const page = await freshPage(browser.instance, { url: place.url, foreign });
    loads.push(await firstLoad(page, place.url));
    openings.push(await openLong(page, place));
    await page.browserContext().close();
  }
  const page = await freshPage(browser.instance, { url: place.url, foreign });
  const { screens, faults } = await accessibility(page, place);
  const lines: Line[] = [
    { what: "first load, compressed", unit: "bytes", measured: Math.max(...loads.map(({ bytes }) => bytes)), budget: 200_000 },
    {
      what: "first contentful paint",
      unit: "ms",
      measured: median(loads.map(({ firstContentfulPaint }) => firstContentfulPaint)),
      budget: 400,
    },
    { what: `opening ${messages} messages`, unit: "ms", measured: median(openings.map(({ milliseconds }) => milliseconds)), budget: 300 },
    { what: "their nodes in the document", unit: "nodes", measured: Math.max(...openings.map(({ nodes }) => nodes)), budget: 2_000 },
    { what: `axe on ${screens} screens`, unit: "violations", measured: faults.length, budget: 0 },
    { what: "requests to other origins", unit: "requests", measured: foreign.size, budget: 0 },
  ];
  tell(lines);
  for (const line of [...faults, ...foreign]) console.log(line);
  const each = {
    firstContentfulPaint: loads.map((load) => Math.round(load.firstContentfulPaint)),
    opening: openings.map(({ milliseconds }) => Math.round(milliseconds)),
  };
  const result = {
    node: process.version,
    browser: version,
    cores: cpus().length,
    loadBefore,
    screens,
    lines,
    each,
    faults,
    foreign: [...foreign],
  };
  mkdirSync(new URL("results/", import.meta.url), { recursive: true });
  writeFileSync(new URL("results/web.json", import.meta.url), `${JSON.stringify(result, null, 2)}\n`);
  if (lines.some(isBroken)) process.exitCode = 1;
}

/** What could not be measured is broken too. */
function isBroken({ measured, budget }: Pick<Line, "measured" | "budget">): boolean {
  return !(measured <= budget);
}

function median(values: number[]): number {
  return Math.round(values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN);
}

function tell(lines: Line[]): void {
  const row = (cells: string[]) => console.log(`${cells[0]?.padEnd(32)}${cells[1]?.padStart(12)}${cells[2]?.padStart(12)}  ${cells[3]}`);
  row(["", "measured", "budget", ""]);
  for (const { what, unit, measured, budget } of lines)
    row([what, measured.toLocaleString("en"), budget.toLocaleString("en"), isBroken({ measured, budget }) ? `${unit}: BROKEN` : unit]);
}

await main();
