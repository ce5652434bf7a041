import { symlink } from "node:fs/promises";
import { expect, test } from "vitest";
import { createAgents } from "../src/agent/agents.ts";
import { type ConfigOptions, loadConfig, type ResolvedConfig } from "../src/config/config.ts";
import { type TestDirectory, temporaryDirectory } from "./helpers/directory.ts";

async function load(directory: TestDirectory, options: Partial<ConfigOptions> = {}): Promise<ResolvedConfig> {
  const project = directory.join("project");
  return loadConfig({ directory: project, worktree: project, home: directory.join("home"), env: {}, isTrusted: () => true, ...options });
}

const reviewer = `---
description: Reviews what changed
mode: subagent
model: mock/mock-1
tools:
  write: false
  bash: true
---

# Reviewer

You review.
`;

test("agents and commands are read from Markdown files, the user's and the project's, named by their path", async () => {
  await using directory = await temporaryDirectory({
    files: {
      "home/.config/opencode/agent/reviewer.md": reviewer,
      "home/.config/opencode/commands/hello.md": "Say hello to $1.\n",
      "project/.opencode/agents/team/tester.md": "---\nmode: primary\ntemperature: 0.2\n---\nYou test.",
      "project/.opencode/command/deploy.md": "---\ndescription: Deploys\nagent: build\nsubtask: true\n---\n!`git status`\n",
      "project/opencode.json": `{ "agent": { "reviewer": { "description": "From JSON" } } }`,
    },
  });
  const { config, sources, warnings } = await load(directory);
  expect(warnings).toEqual([]);
  expect(config.agent).toEqual({
    reviewer: {
      description: "From JSON",
      mode: "subagent",
      model: "mock/mock-1",
      tools: { write: false, bash: true },
      prompt: "# Reviewer\n\nYou review.",
    },
    "team/tester": { mode: "primary", temperature: 0.2, prompt: "You test." },
  });
  expect(config.command).toEqual({
    hello: { template: "Say hello to $1." },
    deploy: { description: "Deploys", agent: "build", subtask: true, template: "!`git status`" },
  });
  expect(sources).toContain(directory.join("project/.opencode/agents/team/tester.md"));
});

test("the boolean tools of an agent become its permissions", async () => {
  await using directory = await temporaryDirectory({ files: { "project/.opencode/agent/reviewer.md": reviewer } });
  const agent = await createAgents({ config: (await load(directory)).config }).get("reviewer");
  expect(agent.model).toEqual({ providerID: "mock", modelID: "mock-1" });
  expect(agent.permission.slice(-2)).toEqual([
    { permission: "edit", pattern: "*", action: "deny" },
    { permission: "bash", pattern: "*", action: "allow" },
  ]);
});

test("a file that cannot be understood is left out with a warning, and takes nothing else down", async () => {
  await using directory = await temporaryDirectory({
    files: {
      "project/.opencode/agent/broken.md": "---\ndescription: a\nmode: [\n---\nBody",
      "project/.opencode/agent/wrong.md": "---\nmode: boss\n---\nBody",
      "project/.opencode/agent/list.md": "---\n- a\n---\nBody",
      "project/.opencode/agent/fine.md": "---\r\ndescription: fine\r\n---\r\nBody",
      "project/.opencode/agent/notes.txt": "not an agent",
    },
  });
  const { config, warnings } = await load(directory);
  expect(Object.keys(config.agent ?? {})).toEqual(["fine"]);
  expect(warnings.join("\n")).toContain(`${directory.join("project/.opencode/agent/broken.md")}:`);
  expect(warnings.join("\n")).toMatch(/wrong\.md is ignored: mode: /);
  expect(warnings.join("\n")).toContain("list.md is ignored");
});

test("in a directory that is not trusted agents lose their permissions, commands that run something and links that lead out are left out", async () => {
  await using directory = await temporaryDirectory({
    files: {
      "secret.md": "the secret",
      "project/.opencode/agent/helper.md": "---\npermission:\n  bash: allow\ntools:\n  webfetch: true\ntemperature: 1\n---\nYou help.",
      "project/.opencode/command/evil.md": "!`touch /tmp/evil`",
      "project/.opencode/command/plain.md": "Explain $ARGUMENTS",
    },
  });
  await symlink(directory.join("secret.md"), directory.join("project/.opencode/command/linked.md"));
  const { config, warnings } = await load(directory, { isTrusted: () => false });
  expect(config.agent).toEqual({ helper: { temperature: 1, prompt: "You help." } });
  expect(config.command).toEqual({ plain: { template: "Explain $ARGUMENTS" } });
  for (const word of ["agent.helper.permission", "agent.helper.tools", "command.evil", "linked.md is ignored"])
    expect(warnings.join("\n")).toContain(word);
});
