import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Page } from "puppeteer-core";
import { expect, test } from "vitest";
import { openPage } from "../helpers/browser.ts";
import { protectedServer } from "../helpers/mcp-login.ts";
import { authorizationServer } from "../helpers/oauth.ts";
import { testServer } from "../helpers/server.ts";

async function signIn(page: Page, secret: string): Promise<void> {
  await page.locator("input[name=secret]").fill(secret);
  await page.locator("button[type=submit]").click();
}

/** Puts a long text in place of another, as a paste does: set from outside it would go past the page. */
async function paste(page: Page, text: string): Promise<void> {
  await page.focus("textarea");
  await page.$eval("textarea", (area) => area.select());
  await page.keyboard.sendCharacter(text);
}

test("a key is stored and shown masked, a token made and revoked, a fault of the configuration named, under a base path and behind a password", async () => {
  await using server = await testServer({ listen: { basePath: "/code", password: "secret" } });
  await using opened = await openPage(`${server.url}/web/settings`, { expected: [/401/, /403/] });
  const { page } = opened;
  await signIn(page, "secret");

  await page.locator("button ::-p-text(Add a key)").click();
  await page.locator("input[name=provider]").fill("openai");
  await page.locator("input[name=key]").fill("sk-marmalade-and-toast-1234");
  await page.locator("[role=dialog] button ::-p-text(Save)").click();
  await page.waitForSelector("li ::-p-text(stored here)");
  expect(await page.$eval("body", (body) => body.textContent)).not.toContain("marmalade");
  await page.locator("button ::-p-text(Remove key)").click();
  await page.locator("[role=dialog] button ::-p-text(Remove it)").click();
  await page.waitForFunction(() => !document.body.textContent?.includes("stored here"));

  await page.locator("nav[aria-label=Sections] a ::-p-text(Tokens)").click();
  await page.waitForFunction(() => location.pathname === "/code/web/settings/tokens");
  await page.locator("button ::-p-text(Create a token)").click();
  await page.locator("input[name=name]").fill("a reader");
  await page.locator("select[name=scope]").fill("read");
  await page.locator("[role=dialog] button[type=submit]").click();
  const secret = await page.waitForSelector("[role=dialog] output").then((shown) => shown?.evaluate(({ textContent }) => textContent));
  expect(secret).toMatch(/^cpt_/);
  await page.locator("[role=dialog] button ::-p-text(I have it)").click();
  await page.waitForSelector("li ::-p-text(a reader)");

  const reader = await opened.another(`${server.url}/web/settings/tokens`);
  await signIn(reader, String(secret));
  await reader.waitForSelector("h2 ::-p-text(This needs the scope admin)");

  await page.locator("button[aria-label='Revoke a reader']").click();
  await page.locator("[role=dialog] button ::-p-text(Revoke it)").click();
  await page.waitForSelector("li ::-p-text(revoked)");

  await page.locator("nav[aria-label=Sections] a ::-p-text(Configuration)").click();
  await page.locator("button ::-p-text(This directory's)").click();
  await page.waitForSelector("label ::-p-text(What holds here)");
  const shown = await page.waitForSelector("textarea").then((area) => area?.evaluate(({ value }) => value));
  const config: Record<string, unknown> = JSON.parse(String(shown));
  await paste(page, JSON.stringify({ ...config, share: "never", snapshots: true }));
  await page.waitForSelector("li ::-p-text(must be one of)");
  await page.waitForSelector("li ::-p-text(did you mean)");
  await paste(page, JSON.stringify({ ...config, share: "auto" }));
  await page.locator("button ::-p-text(Save)").click();
  await page.waitForSelector("li ::-p-text(opencode.json)");
  expect(JSON.parse(await readFile(join(server.app.directory, "opencode.json"), "utf8"))).toMatchObject({ share: "auto" });

  await page.locator("nav[aria-label=Sections] a ::-p-text(Audit)").click();
  await page.locator("input[name=action]").fill("token.");
  await page.locator("button ::-p-text(Filter)").click();
  await page.waitForFunction(() => document.querySelectorAll("ol[aria-label=Records] li").length === 2);
  await page.locator("button ::-p-text(Verify)").click();
  await page.waitForSelector("::-p-text(none was changed or removed)");
});

test("a provider without a login says that it needs one; only a login that is there can be forgotten", async () => {
  await using authorization = await authorizationServer();
  await using remote = await protectedServer();
  const acme = { name: "Acme", options: { baseURL: "http://127.0.0.1:9/v1" }, models: { one: {} }, oauth: authorization.oauth };
  const config = { provider: { acme }, mcp: { far: { type: "remote" as const, url: remote.url } } };
  await using server = await testServer({ config });
  await using opened = await openPage(`${server.url}/web/settings/providers`);
  const { page } = opened;
  const acmes = () =>
    page
      .waitForSelector("li ::-p-text(Acme)")
      .then(() => page.$$eval("li", (rows) => rows.find((row) => row.textContent.startsWith("Acme"))?.textContent));
  expect(await acmes()).toContain("needs a login");
  await server.app.credentials.set("acme", { type: "oauth", access: "a-token", refresh: "", expires: 0 });
  await page.reload();
  expect(await acmes()).toContain("ready");

  await page.locator("nav[aria-label=Sections] a ::-p-text(MCP servers)").click();
  await page.waitForSelector("button[aria-label='Log in at far']");
  expect(await page.$("button[aria-label='Forget login at far']")).toBeNull();
  await page.locator("button[aria-label='Log in at far']").click();
  const link = await page.waitForSelector("[role=dialog] a[href*=authorize]");
  await fetch(String(await link?.evaluate((shown) => shown.getAttribute("href"))));
  await page.locator("button[aria-label='Forget login at far']").click();
  await page.waitForSelector("button[aria-label='Log in at far']");
  await page.waitForFunction(() => document.querySelector("button[aria-label='Forget login at far']") === null);
});
