import { test } from "vitest";
import { writesDuringTurns } from "../helpers/config-writes.ts";

test("100 writes of the configuration during 20 turns abort none and close no stream", async () => {
  await writesDuringTurns({ writes: 100, turns: 20 });
});
