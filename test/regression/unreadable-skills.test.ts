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

// `skills.paths` of a home, or of a whole disk, took seconds for each list of commands, and as much memory as there are files.
test("a folder that holds far more than skills is looked at as far as its nearest files, and that is told once", async () => {
  const problems: unknown[] = [];
  const many = Object.fromEntries(Array.from({ length: 10_001 }, (_, at) => [`kept/far/away/${at}`, ""]));
  await using server = await testServer({
    config: { skills: { paths: ["kept"] } },
    files: {
      ...many,
      "kept/one/SKILL.md": "---\nname: one\n---\nDo it.\n",
      "kept/node_modules/two/SKILL.md": "---\nname: two\n---\nDo it.\n",
    },
    onError: (problem) => problems.push(problem),
  });
  for (const _ of [1, 2]) expect((await getJSON<Skill[]>(`${server.url}/skill`)).map(({ name }) => name)).toEqual(["one"]);
  expect(problems).toMatchObject([
    { name: "ConfigInvalidError", message: expect.stringMatching(/the 10000 nearest files of .*kept, which holds more/) },
  ]);
});
