import type { Page } from "puppeteer-core";
import { chromium, startBrowser } from "./chromium.ts";

export interface OpenOptions {
  /** In CSS pixels; 1280 × 800 unless told. 390 wide is a phone, with touch. */
  width?: number;
  height?: number;
  /** What the system prefers; light unless told. */
  scheme?: "light" | "dark";
  /** Messages of the console, requests and page errors that this test brings about itself. */
  expected?: RegExp[];
}

export interface OpenedPage extends AsyncDisposable {
  page: Page;
  /** Another person's page: it shares nothing with the first but the server. */
  another(address?: string, options?: OpenOptions): Promise<Page>;
  /** What was found so far. */
  faults(): readonly string[];
}

/**
 * A page in a real browser, at this address. Disposal throws Error for what must not happen on any page: errors of its scripts or in its console,
 * what its content policy stops, and requests that leave its origin.
 */
export async function openPage(address: string, options: OpenOptions = {}): Promise<OpenedPage> {
  const browser = await startBrowser(chromium());
  const faults: string[] = [];
  const open = async (at: string, more: OpenOptions) => {
    const context = await browser.instance.createBrowserContext();
    const page = await context.newPage();
    watch(page, { address: at, faults, ...more });
    await prepare(page, more);
    await page.goto(at);
    return page;
  };
  return {
    page: await open(address, options),
    another: (at = address, more = options) => open(at, more),
    faults: () => faults,
    async [Symbol.asyncDispose]() {
      await browser[Symbol.asyncDispose]();
      if (faults.length > 0) throw new Error(`On the page:\n${faults.join("\n")}`);
    },
  };
}

async function prepare(page: Page, { width = 1280, height = 800, scheme = "light" }: OpenOptions): Promise<void> {
  const isPhone = width < 600;
  await page.setViewport({ width, height, hasTouch: isPhone, isMobile: isPhone });
  await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: scheme }]);
  page.setDefaultTimeout(20_000);
}

/** Collects what must not happen. */
function watch(page: Page, { address, faults, expected = [] }: OpenOptions & { address: string; faults: string[] }): void {
  const note = (fault: string) => {
    if (!expected.some((pattern) => pattern.test(fault))) faults.push(fault);
  };
  const { host } = new URL(address);
  page.on("pageerror", (error) => note(`error: ${error instanceof Error ? error.stack : String(error)}`));
  // The browser tells there too what the content policy stopped.
  page.on("console", (message) => {
    if (message.type() === "error" || message.type() === "warn") note(`console: ${message.text()} ${message.location().url ?? ""}`);
  });
  page.on("request", (request) => {
    const url = new URL(request.url());
    if (!["data:", "blob:"].includes(url.protocol) && url.host !== host) note(`a request to ${url.href}`);
  });
}
