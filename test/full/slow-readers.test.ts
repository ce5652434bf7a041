import { describe, expect, it } from "vitest";
import { comeAndGo, floodServer } from "../helpers/flood.ts";

describe("readers that come and go", () => {
  it("10,000 connects and disconnects leave no reader, timer or descriptor", async () => {
    await using flood = await floodServer();
    const before = await comeAndGo(flood, 100);
    expect(await comeAndGo(flood, 10_000)).toEqual(before);
  });
});
