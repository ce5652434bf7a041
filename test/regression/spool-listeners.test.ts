import { describe, expect, it } from "vitest";
import { createSpool } from "../../src/tool/spool.ts";
import { temporaryDirectory } from "../helpers/directory.ts";

describe("output that is larger than what the disk takes at once", () => {
  it("leaves no listener behind for each time it had to wait", async () => {
    await using directory = await temporaryDirectory();
    const warnings: Error[] = [];
    const note = (warning: Error) => warnings.push(warning);
    process.on("warning", note);
    const spool = createSpool({ directory: directory.path, maxLines: 10, maxBytes: 1000, name: "call", minimumTail: 1000 });
    for (let chunk = 0; chunk < 40; chunk++) await spool.write(Buffer.alloc(128 * 1024, "x"));
    const { bytes, incomplete } = await spool.finish();
    await new Promise((resolve) => setImmediate(resolve));
    process.off("warning", note);
    expect({ bytes, incomplete }).toEqual({ bytes: 40 * 128 * 1024, incomplete: undefined });
    expect(warnings).toEqual([]);
  });
});
