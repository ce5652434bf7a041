import { expect, test } from "vitest";
import { fuzz } from "../helpers/fuzz.ts";

/** Another seed each time; `FUZZ_SEED` runs one again. */
const seed = Number(process.env.FUZZ_SEED ?? Math.floor(Math.random() * 2 ** 31));

test("20,000 generated requests get no 5xx, and errors that name the wrong field", async () => {
  console.log(`FUZZ_SEED=${seed}`);
  const report = await fuzz({ count: 20_000, seed });
  expect(report.faults.slice(0, 20), `seed ${seed}`).toEqual([]);
  expect(report.sent).toBe(20_000);
}, 1_800_000);
