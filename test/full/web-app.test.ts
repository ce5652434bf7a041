import { expect, test } from "vitest";
import { openPage } from "../helpers/browser.ts";
import { testServer } from "../helpers/server.ts";

test("the page can be installed under a base path, and keeps its own files and no answer of the server", async () => {
  await using server = await testServer({ listen: { basePath: "/code" } });
  await using opened = await openPage(`${server.url}/web/usage`);
  const { page } = opened;
  const session = await page.createCDPSession();
  const { installabilityErrors } = await session.send("Page.getInstallabilityErrors");
  // Pages of a test's own profile can never be installed.
  expect(installabilityErrors.filter(({ errorId }) => errorId !== "in-incognito")).toEqual([]);
  const { url, errors } = await session.send("Page.getAppManifest");
  expect({ url, errors }).toEqual({ url: `${server.url}/web/manifest.webmanifest`, errors: [] });

  await page.waitForFunction(async () => (await navigator.serviceWorker.ready).active?.state === "activated");
  expect(await page.evaluate(async () => (await navigator.serviceWorker.ready).scope)).toBe(`${server.url}/web/`);
  await page.reload();
  await page.waitForFunction(async () => (await (await caches.open("codeport-assets")).keys()).length > 3);
  const kept = await page.evaluate(async () =>
    (await (await caches.open("codeport-assets")).keys()).map((request) => new URL(request.url).pathname),
  );
  expect(kept.filter((path) => !path.startsWith("/code/web/assets/"))).toEqual([]);
  await page.reload();
  await page.waitForSelector("h1 ::-p-text(Usage)");
});

test("every screen is reached by its keys and by the palette, and no two actions share keys; who wants no motion gets none", async () => {
  await using server = await testServer();
  await using opened = await openPage(`${server.url}/web/`);
  const { page } = opened;
  await page.emulateMediaFeatures([{ name: "prefers-reduced-motion", value: "reduce" }]);
  await page.waitForSelector("h1");
  const places = await page.$$eval("nav[aria-label=Screens] > a", (links) => links.map((link) => link.textContent));
  expect(places.length).toBe(9);
  for (const [at, key] of [..."sicftuea,"].entries()) {
    await page.keyboard.press("g");
    await page.keyboard.type(key);
    await page.waitForSelector(`nav[aria-label=Screens] a[data-status=active] ::-p-text(${places[at]})`);
    await page.waitForSelector("main h1");
    await page.keyboard.type("?");
    await page.waitForSelector("[role=dialog] kbd");
    const keys = await page.$$eval("[role=dialog] kbd", (shown) => shown.map(({ textContent }) => textContent));
    expect(keys.filter((shown, index) => keys.indexOf(shown) !== index)).toEqual([]);
    await page.keyboard.press("Escape");
    await page.waitForFunction(() => document.querySelector("[role=dialog]") === null);
  }
  await page.keyboard.down("Control");
  await page.keyboard.press("k");
  await page.keyboard.up("Control");
  await page.waitForSelector("[role=combobox]");
  await page.keyboard.type("audit");
  await page.waitForSelector("[role=option] ::-p-text(Audit)");
  await page.keyboard.press("Enter");
  await page.waitForFunction(() => location.pathname.endsWith("/settings/audit"));
  const moving = await page.evaluate(
    () =>
      [...document.querySelectorAll("*")].filter((element) => {
        const { animationDuration, transitionDuration } = getComputedStyle(element);
        return [animationDuration, transitionDuration].some((time) => Number.parseFloat(time) > 0.01);
      }).length,
  );
  expect(moving).toBe(0);
});
