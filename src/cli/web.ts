import { webAddress } from "./addresses.ts";
import { openBrowser } from "./browser.ts";
import type { Host } from "./env.ts";
import type { WebFlags } from "./flags.ts";
import { serve } from "./serve.ts";

/** Serves, and shows the page in the browser; where there is no display, or with `--no-open`, its address is among those that are said. */
export async function web({ open, ...flags }: WebFlags, host: Host): Promise<number> {
  return serve(flags, host, async (url) => {
    const opened = open !== false && (await openBrowser(webAddress(url), host));
    return opened ? ["The page was opened in the browser."] : [];
  });
}
