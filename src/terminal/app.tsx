import { Box, Text, useCursor, useInput, usePaste, useWindowSize } from "ink";
import { type ReactNode, useEffect, useSyncExternalStore } from "react";
import type { Driver } from "./driver.ts";
import { toKeys } from "./key.ts";
import type { Theme } from "./theme.ts";
import { screen } from "./view/screen.ts";

/** The screen of the terminal client: what the driver's state says, and keys for the driver. */
export function App({ driver, theme }: { driver: Driver; theme: Theme }): ReactNode {
  const { store } = driver;
  const state = useSyncExternalStore(store.subscribe, store.state);
  const { columns, rows } = useWindowSize();
  const { setCursorPosition } = useCursor();
  useEffect(() => store.dispatch({ type: "size", size: { columns, rows } }), [store, columns, rows]);
  useInput((input, key) => {
    for (const one of toKeys(input, key)) driver.press(one);
  });
  usePaste((text) => driver.paste(text));
  const { header, body, footer, cursor } = screen(state, theme);
  setCursorPosition(cursor);
  return (
    <Box flexDirection="column" width={columns} height={rows}>
      <Lines lines={[header]} />
      <Lines lines={body} />
      <Lines lines={footer} />
    </Box>
  );
}

/** Lines that already fit. A row of the screen is nothing but its place. */
function Lines({ lines }: { lines: string[] }): ReactNode {
  const rows = lines.map((line, place) => ({ line: line === "" ? " " : line, place }));
  return (
    <Box flexDirection="column" flexShrink={0}>
      {rows.map(({ line, place }) => (
        <Text key={place} wrap="truncate-end">
          {line}
        </Text>
      ))}
    </Box>
  );
}
