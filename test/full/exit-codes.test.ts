import { it } from "vitest";
import { expectEnding, slowEndings } from "../helpers/exit-codes.ts";

it.each(slowEndings.map((ending) => [ending.name, ending] as const))(
  "%s ends the program with its exit code and one line",
  async (_name, ending) => {
    await expectEnding(ending);
  },
);
