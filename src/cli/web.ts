import { addressesOf } from "./addresses.ts";
import { openBrowser } from "./browser.ts";
import type { Host } from "./env.ts";
import type { WebFlags } from "./flags.ts";
import { serve } from "./serve.ts";

/** Serves, and shows the page in the browser; where there is no display, or with `--no-open`, its address is said. */
export async function web({ open, ...flags }: WebFlags, host: Host): Promise<number> {
  return serve(flags, host, async (url) => {
    const { local } = addressesOf(url);
    const hasPage = await answers(`${local}/web/`);
    const page = hasPage ? `${local}/web/` : `${local}/doc`;
    const opened = open !== false && (await openBrowser(page, host));
    return [
      ...(hasPage ? [] : [`There is no web page yet: the API explorer is at ${local}/doc, the API at ${local}`]),
      `web: ${page}${opened ? " (opened in the browser)" : ""}`,
    ];
  });
}

/** A page that asks for the password is there too. */
async function answers(url: string): Promise<boolean> {
  const status = await fetch(url, { method: "HEAD", redirect: "manual" }).then(
    (response) => response.status,
    () => 404,
  );
  return status !== 404;
}
