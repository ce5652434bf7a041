import { expect, test } from "vitest";
import { fuzz } from "../helpers/fuzz.ts";

/** The same requests each time, so that a failure is of the change that it comes with; `FUZZ_SEED` draws others. */
const seed = Number(process.env.FUZZ_SEED ?? 20_261_129);

test("20,000 generated requests get no 5xx, and errors that name the wrong field", async () => {
  console.log(`FUZZ_SEED=${seed}`);
  const report = await fuzz({ count: 20_000, seed });
  if (report.unclear.length > 0) console.log(`Wrong by rules that the document does not tell:\n${report.unclear.join("\n")}`);
  expect(report.faults.slice(0, 20), `seed ${seed}`).toEqual([]);
  expect(report.sent).toBe(20_000);
}, 1_800_000);
