import { render } from "ink";
import { createElement } from "react";
import type { Client } from "../client/client.ts";
import { App } from "./app.tsx";
import { createDriver, type DriverOptions } from "./driver.ts";
import { createTheme } from "./theme.ts";
import { screen } from "./view/screen.ts";

export interface TerminalOptions extends Pick<DriverOptions, "url" | "sessionID" | "choice"> {
  client: Client;
  stdin: NodeJS.ReadStream;
  stdout: NodeJS.WriteStream;
  colour: boolean;
  /** Ends it from outside. */
  signal: AbortSignal;
}

/**
 * Takes over the terminal until the person leaves or the signal aborts; the terminal is then as it was. Resolves with the session that was
 * shown last. Both streams must be terminals.
 */
export async function openTerminal({ stdin, stdout, colour, signal, ...options }: TerminalOptions): Promise<{ sessionID?: string }> {
  const theme = createTheme(colour);
  const size = { columns: stdout.columns, rows: stdout.rows };
  await using driver = createDriver({ ...options, size, measure: (state) => screen(state, theme) });
  const app = render(createElement(App, { driver, theme }), {
    stdin,
    stdout,
    exitOnCtrlC: false,
    interactive: true,
    alternateScreen: true,
    incrementalRendering: true,
  });
  const stopped = new Promise<void>((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener("abort", () => resolve(), { once: true });
  });
  await Promise.race([driver.left, stopped, app.waitUntilExit()]).finally(() => app.unmount());
  await app.waitUntilExit();
  return { sessionID: driver.store.state().conversation.session?.id };
}
