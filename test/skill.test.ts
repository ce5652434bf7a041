import { mkdir, symlink, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { describe, expect, test } from "vitest";
import type { Skill } from "../src/schema/skill.ts";
import { createSkills, type SkillOptions } from "../src/skill/skill.ts";
import { say, testApp, textOf, watch } from "./helpers/app.ts";
import { type Files, temporaryDirectory } from "./helpers/directory.ts";
import { getJSON, testServer } from "./helpers/server.ts";

const skill = (head: string, text = "Do it.") => `---\n${head}\n---\n\n${text}\n`;

/** Skills over a home and a project of the test's own. */
async function skillsIn(files: Files, change: Partial<SkillOptions> = {}) {
  const place = await temporaryDirectory({ files: { "work/.keep": "", "home/.keep": "", ...files } });
  const problems: string[] = [];
  const service = createSkills({
    directory: place.join("work"),
    worktree: place.join("work"),
    home: place.join("home"),
    config: place.join("home/.config/codeport"),
    configured: [],
    isTrusted: () => true,
    onProblem: ({ message }) => problems.push(message),
    ...change,
  });
  return { ...place, service, problems };
}

const namesOf = (skills: Skill[]) => skills.map(({ name }) => name);

describe("skills", () => {
  test("are found in the project, in the user's folders and where the configuration says, by name", async () => {
    await using place = await skillsIn(
      {
        "work/.opencode/skills/one/SKILL.md": skill("name: one\ndescription: The first"),
        "work/.opencode/skill/team/two/SKILL.md": skill("description: >-\n  In two\n  lines"),
        "work/.claude/skills/three/SKILL.md": "No front matter.\n",
        "home/.config/opencode/skills/four/SKILL.md": skill("name: four"),
        "home/.config/codeport/skill/five/SKILL.md": skill("name: five"),
        "home/.claude/skills/six/SKILL.md": skill("name: six"),
        "home/more/seven/SKILL.md": skill("name: seven"),
        "work/own/eight/SKILL.md": skill("name: eight"),
        "work/.opencode/skills/one/other.md": "not a skill",
      },
      { configured: ["~/more", "own"] },
    );
    const found = await place.service.list();
    expect(namesOf(found)).toEqual(["eight", "five", "four", "one", "seven", "six", "three", "two"]);
    expect(found.find(({ name }) => name === "one")).toEqual({
      name: "one",
      description: "The first",
      location: place.join("work/.opencode/skills/one/SKILL.md"),
      content: "Do it.",
    });
    expect(found.find(({ name }) => name === "two")?.description).toBe("In two lines");
    expect(place.problems).toEqual([]);
  });

  test("the project's win over the user's of the same name, the nearer over the farther", async () => {
    const files = {
      "home/.config/opencode/skills/a/SKILL.md": skill("name: a", "user"),
      "work/.opencode/skills/a/SKILL.md": skill("name: a", "root"),
      "work/sub/.opencode/skills/a/SKILL.md": skill("name: a", "sub"),
    };
    await using place = await skillsIn(files);
    expect((await place.service.get("a")).content).toBe("root");
    const below = createSkills({
      directory: place.join("work/sub"),
      worktree: place.join("work"),
      home: place.join("home"),
      config: place.join("home/.config/codeport"),
      configured: [],
      isTrusted: () => true,
    });
    expect((await below.get("a")).content).toBe("sub");
    await expect(place.service.get("b")).rejects.toMatchObject({
      name: "NotFoundError",
      message: expect.stringContaining("The skills are: a."),
    });
  });

  test("a project that is not trusted has none, and no link leads out of one that is", async () => {
    await using place = await skillsIn({
      "work/.opencode/skills/mine/SKILL.md": skill("name: mine"),
      "elsewhere/secret/SKILL.md": skill("name: secret"),
    });
    await symlink(place.join("elsewhere/secret"), place.join("work/.opencode/skills/secret"));
    expect(namesOf(await place.service.list())).toEqual(["mine"]);
    expect(place.problems).toEqual([expect.stringContaining("leads out of the project")]);
    const untrusted = createSkills({
      directory: place.join("work"),
      worktree: place.join("work"),
      home: place.join("home"),
      config: place.join("home/.config/codeport"),
      configured: [],
      isTrusted: () => false,
    });
    expect(await untrusted.list()).toEqual([]);
  });

  test("a file that describes none is left out, told of once, and takes nothing else down", async () => {
    await using place = await skillsIn({
      "work/.opencode/skills/bad/SKILL.md": skill("name: [unclosed"),
      "work/.opencode/skills/list/SKILL.md": skill("- a\n- b"),
      "work/.opencode/skills/name/SKILL.md": skill('name: "a\\nb"'),
      "work/.opencode/skills/good/SKILL.md": skill("name: good"),
    });
    for (let look = 0; look < 2; look++) expect(namesOf(await place.service.list())).toEqual(["good"]);
    expect(place.problems).toHaveLength(3);
  });
});

test("GET /skill lists them as the reference does", async () => {
  const files = { ".opencode/skills/tidy/SKILL.md": skill("name: tidy\ndescription: Tidies up") };
  await using server = await testServer({ files });
  expect(await getJSON(`${server.url}/skill`)).toEqual([
    { name: "tidy", description: "Tidies up", location: server.repository.join(".opencode/skills/tidy/SKILL.md"), content: "Do it." },
  ]);
});

test("in a session: skills are named to the model, and one is loaded with its directory; a denied one is not named", async () => {
  const files = {
    ".opencode/skills/tidy/SKILL.md": skill("name: tidy\ndescription: Tidies up", "Sweep first."),
    ".opencode/skills/tidy/scripts/sweep.sh": "echo\n",
    ".opencode/skills/secret/SKILL.md": skill("name: secret\ndescription: Hidden"),
  };
  await using server = await testApp({ files, config: { permission: { skill: { "*": "ask", secret: "deny" } } } });
  using events = watch(server.app);
  server.model.calls({ name: "skill", input: { name: "tidy" } }).text("Tidied.");
  const session = await server.app.sessions.create(server.repository.path, { title: "S" });
  const answer = server.app.sessions.prompt(session.id, say("tidy up"));
  const { properties: request } = await events.until("permission.asked");
  expect(request).toMatchObject({ permission: "skill", patterns: ["tidy"], always: ["tidy"] });
  await server.app.permissions.reply(request.id, { reply: "once" });
  expect(textOf(await answer)).toBe("Tidied.");
  const [first, second] = server.model.requests();
  const described = first?.body.tools?.find((tool) => tool.function.name === "skill")?.function.description;
  expect(described).toContain("- tidy: Tidies up");
  expect(described).not.toContain("secret");
  const loaded = JSON.stringify(second?.body.messages.at(-1));
  expect(loaded).toContain("Sweep first.");
  expect(loaded).toContain(`Directory: ${server.repository.join(".opencode/skills/tidy")}`);
  expect(loaded).toContain("scripts/sweep.sh");
});

test("without skills the tool is not offered", async () => {
  await using server = await testApp();
  server.model.text("ok");
  const session = await server.app.sessions.create(server.repository.path, { title: "S" });
  await server.app.sessions.prompt(session.id, say("hello"));
  expect(server.model.requests()[0]?.body.tools?.map((tool) => tool.function.name)).not.toContain("skill");
  const file = server.repository.join(".opencode/skills/late/SKILL.md");
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, skill("name: late"));
  server.model.text("ok");
  await server.app.sessions.prompt(session.id, say("again"));
  expect(server.model.requests()[1]?.body.tools?.map((tool) => tool.function.name)).toContain("skill");
});
