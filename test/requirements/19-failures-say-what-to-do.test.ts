import { expect, it } from "vitest";
import { exitCodes } from "../../src/cli/failure.ts";
import { expectEnding, quickEndings, slowEndings } from "../helpers/exit-codes.ts";

/** Those that take longer are in `test/full/exit-codes.test.ts`. */
it("the program ends with the exit code of what happened, and one line that says what to do", async () => {
  await Promise.all(quickEndings.map(expectEnding));
});

it("every exit code there is has an ending that is tried", () => {
  const tried = new Set([...quickEndings, ...slowEndings].map(({ code }) => code));
  expect([...tried].sort((a, b) => a - b)).toEqual(Object.values(exitCodes).sort((a, b) => a - b));
  expect(Object.values(exitCodes)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 124, 130]);
});
