import type { Browser, Page } from "puppeteer-core";
import { axeFaults } from "../../test/helpers/axe.ts";
import { openScreen, webScreens } from "../../test/helpers/web-screens.ts";
import { lastWords, type Place } from "./place.ts";

export interface FirstLoad {
  /** As transferred, with headers: all documents, scripts, styles and fonts until the list of sessions is there and nothing more is fetched. */
  bytes: number;
  /** Milliseconds from the navigation. */
  firstContentfulPaint: number;
}

export interface Opening {
  /** Milliseconds from the click on the session in the list until its last message was on the screen. */
  milliseconds: number;
  /** Elements of the document then. */
  nodes: number;
}

/** A page that has nothing in its cache. Requests that leave the server's origin are added to `foreign`. */
export async function freshPage(browser: Browser, { url, foreign }: { url: string; foreign: Set<string> }): Promise<Page> {
  const page = await (await browser.createBrowserContext()).newPage();
  await page.setViewport({ width: 1280, height: 800 });
  page.on("request", (request) => {
    const address = new URL(request.url());
    if (!["data:", "blob:"].includes(address.protocol) && address.host !== new URL(url).host) foreign.add(address.href);
  });
  return page;
}

/** Opens the list of sessions for the first time. */
export async function firstLoad(page: Page, url: string): Promise<FirstLoad> {
  const session = await page.createCDPSession();
  await session.send("Network.enable");
  const counted = new Set<string>();
  let bytes = 0;
  session.on("Network.responseReceived", ({ requestId, type }) => {
    if (["Document", "Script", "Stylesheet", "Font"].includes(type)) counted.add(requestId);
  });
  session.on("Network.loadingFinished", ({ requestId, encodedDataLength }) => {
    if (counted.has(requestId)) bytes += encodedDataLength;
  });
  await page.goto(`${url}/web/`);
  await page.waitForSelector("[data-session]");
  await page.waitForNetworkIdle({ idleTime: 500, concurrency: 0 });
  const firstContentfulPaint = await page.evaluate(
    () => performance.getEntriesByName("first-contentful-paint")[0]?.startTime ?? Number.NaN,
  );
  await session.detach();
  return { bytes, firstContentfulPaint };
}

/** From the list, by a click, as people do. The page must show the list. */
export async function openLong(page: Page, { longID }: Place): Promise<Opening> {
  const link = `[data-session='${longID}'] a`;
  await page.waitForSelector(link);
  return (await page.evaluate(untilDrawn(link))) as Opening;
}

/** Runs in the page: clicks and looks, once a frame, whether the last words stand within the window. */
const untilDrawn = (link: string): string => `(() => {
  const isShown = () => {
    const last = [...document.querySelectorAll("article")].at(-1);
    const box = last?.getBoundingClientRect();
    return last?.textContent.includes(${JSON.stringify(lastWords)}) && box.bottom > 0 && box.bottom <= innerHeight;
  };
  const begun = performance.now();
  document.querySelector(${JSON.stringify(link)}).click();
  return new Promise((resolve, reject) => {
    const elapsed = () => performance.now() - begun;
    const look = () => {
      if (elapsed() > 20_000) reject(new Error("The session was not drawn in 20 seconds."));
      // The frame after it is drawn when the next one begins.
      else if (isShown()) requestAnimationFrame(() => resolve({ milliseconds: elapsed(), nodes: document.querySelectorAll("*").length }));
      else requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
  });
})()`;

/** What axe finds on every screen, light and dark, 1280 and 390 pixels wide. */
export async function accessibility(page: Page, { url, playedID, longID }: Place): Promise<{ screens: number; faults: string[] }> {
  const long = { name: "long session", path: `session/${longID}`, ready: "main article" };
  const screens = [...webScreens(playedID), long];
  const faults: string[] = [];
  for (const screen of screens) {
    await openScreen(page, { url, screen });
    faults.push(...(await axeFaults(page)).map((fault) => `${screen.name}: ${fault}`));
  }
  return { screens: screens.length, faults };
}
