import { PassThrough } from "node:stream";
import { expect, test } from "vitest";
import type { Host } from "../src/cli/env.ts";
import { askSecret } from "../src/cli/secret.ts";

/** A terminal: what is typed, what is shown, and whether keys come raw. */
function terminal() {
  const raw: boolean[] = [];
  const stdin = Object.assign(new PassThrough(), { isTTY: true, setRawMode: (mode: boolean) => raw.push(mode) });
  const stderr = new PassThrough();
  const host = { stdin, stderr } as unknown as Host;
  return { raw, host, type: (text: string) => stdin.write(text), shown: () => String(stderr.read() ?? "") };
}

test("a key is read without being shown, with its slips mended, and the terminal is left as it was", async () => {
  const screen = terminal();
  const asked = askSecret("Key: ", screen.host);
  screen.type("sk-wron\u007f\u007f\u007f\u007f");
  screen.type("\u001b[200~right\u001b[201~\r");
  expect(await asked).toBe("sk-right");
  expect(screen.shown()).toBe("Key: \n");
  expect(screen.raw).toEqual([true, false]);
});

test("Ctrl-C gives up, and the terminal is left as it was", async () => {
  const screen = terminal();
  const asked = askSecret("Key: ", screen.host);
  screen.type("sk-\u0003");
  await expect(asked).rejects.toMatchObject({ kind: "interrupt" });
  expect(screen.raw).toEqual([true, false]);
});
