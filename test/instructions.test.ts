import { expect, it } from "vitest";
import { readInstructions } from "../src/file/file.ts";
import { say, testApp } from "./helpers/app.ts";
import { temporaryDirectory } from "./helpers/directory.ts";

it("are read from the user's own files, the root, the directory and what the configuration names, most general first", async () => {
  await using home = await temporaryDirectory({ files: { "personal/AGENTS.md": "personal", "notes.md": "from home" } });
  await using project = await temporaryDirectory({
    files: {
      "AGENTS.md": "root",
      "a/CLAUDE.md": "between",
      "a/b/AGENTS.md": "inner",
      "a/b/CLAUDE.md": "unused",
      "a/b/docs/one.md": "one",
      "a/b/docs/two.md": "two",
    },
  });
  const texts = await readInstructions({
    directory: project.join("a", "b"),
    worktree: project.path,
    home: home.path,
    personal: [home.join("personal"), home.join("absent")],
    configured: ["docs/*.md", "~/notes.md", "docs/absent.md"],
  });
  expect(texts.map((text) => text.split("\n")[1])).toEqual(["personal", "root", "between", "inner", "one", "two", "from home"]);
});

it("reach the model, with the environment and the branch", async () => {
  await using test = await testApp({
    files: { "AGENTS.md": "Answer in rhymes.", "style.md": "No tabs." },
    config: { instructions: ["style.md"] },
  });
  test.model.text("ok");
  const session = await test.app.sessions.create(test.repository.path, { title: "Told" });
  await test.app.sessions.prompt(session.id, { ...say("hello"), system: "Be brief." });
  const [system] = test.model.requests()[0]?.body.messages ?? [];
  for (const text of ["Answer in rhymes.", "No tabs.", "Be brief.", test.repository.path, "on branch main"])
    expect(system?.content).toContain(text);
});
