import type { Page } from "puppeteer-core";

export interface WebScreen {
  name: string;
  /** Below `/web/`. */
  path: string;
  /** Clicked as soon as it is there. */
  click?: string;
  /** There once the screen has drawn what it was opened for. */
  ready: string;
}

/** Every screen of the web interface, with what a session has to show where a screen is about one. */
export function webScreens(sessionID: string): WebScreen[] {
  const sections = ["models", "agents", "mcp", "languages", "config", "tokens", "audit", "doctor"];
  return [
    { name: "sessions", path: "", ready: `[data-session='${sessionID}']` },
    { name: "sessions side by side", path: `?panes=${sessionID}`, ready: "section article" },
    { name: "inbox", path: "inbox", ready: "main li button" },
    { name: "session", path: `session/${sessionID}`, ready: "main article" },
    { name: "changes", path: `changes?session=${sessionID}`, ready: "main h1" },
    { name: "files", path: "files", ready: "main [role=tree], main h1" },
    { name: "timeline", path: `timeline?session=${sessionID}`, ready: "main ol > li > button" },
    { name: "plots of a session", path: `timeline?session=${sessionID}&view=plots`, ready: "main canvas" },
    { name: "usage", path: "usage", ready: "main table" },
    { name: "events", path: "events", click: "main button ::-p-text(Earlier)", ready: "main [role=listbox]" },
    { name: "control of a terminal client", path: "events?tab=control", ready: "section[aria-labelledby=control-ask]" },
    { name: "api", path: "api?procedure=session.get", ready: "main article form" },
    { name: "settings", path: "settings", ready: "main nav[aria-label=Sections]" },
    ...sections.map((name) => ({
      name: `settings, ${name}`,
      path: `settings/${name}`,
      ready: "main h2, main textarea, main li, main table",
    })),
  ];
}

/** Opens a screen in a page that is open already, and waits for what it shows. */
export async function openScreen(page: Page, { url, screen }: { url: string; screen: WebScreen }): Promise<void> {
  await page.goto(`${url}/web/${screen.path}`);
  if (screen.click !== undefined) await page.locator(screen.click).click();
  await page.waitForSelector(screen.ready);
  await page.waitForFunction('document.querySelector("main .animate-spin") === null');
}
