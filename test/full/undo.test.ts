import { expect, it } from "vitest";
import { undoAmongOthers } from "../helpers/undo.ts";

it.each([1, 2, 3, 4])("undo leaves alone what two sessions and a person did by turns in 25 edits (seed %i)", async (seed) => {
  const { restored, conflicts } = await undoAmongOthers({ seed, length: 25 });
  expect(restored + conflicts).toBeGreaterThan(0);
});
