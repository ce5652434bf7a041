import { expect, test } from "vitest";
import type { Skill } from "../../src/schema/skill.ts";
import { getJSON, testServer } from "../helpers/server.ts";

test("a folder of skills that cannot be read is told once, and the others' skills are there", async () => {
  const problems: unknown[] = [];
  await using server = await testServer({
    config: { skills: { paths: ["a".repeat(5_000), "kept"] } },
    files: { "kept/one/SKILL.md": "---\nname: one\ndescription: The first.\n---\nDo it.\n" },
    onError: (problem) => problems.push(problem),
  });
  for (const _ of [1, 2]) expect((await getJSON<Skill[]>(`${server.url}/skill`)).map(({ name }) => name)).toEqual(["one"]);
  expect(problems).toMatchObject([{ name: "ConfigInvalidError", message: expect.stringContaining("ENAMETOOLONG") }]);
});
