import { describe, expect, test } from "vitest";
import { createAgents } from "../src/agent/agents.ts";
import { rulesFromConfig } from "../src/agent/rules.ts";
import { systemPrompt } from "../src/agent/system.ts";
import { Agent } from "../src/schema/agent.ts";
import { Config } from "../src/schema/config.ts";
import type { PermissionRuleset } from "../src/schema/session.ts";

const agentsOf = (config: unknown = {}) => createAgents({ config: Config.parse(config) });

/** What the rules say about a call: the last one that matches decides. */
function decide(rules: PermissionRuleset, permission: string, pattern: string): string | undefined {
  const matches = (glob: string, text: string): boolean =>
    new RegExp(`^${glob.replace(/[.+?^${}()|[\]\\]/g, "\\$&").replaceAll("*", ".*")}$`, "s").test(text);
  return rules.findLast((rule) => matches(rule.permission, permission) && matches(rule.pattern, pattern))?.action;
}

describe("the built-in agents", () => {
  test("are listed with the default one first and hidden ones last, in the wire shape", async () => {
    const list = await agentsOf().list();
    expect(list.map((agent) => agent.name)).toEqual(["build", "explore", "general", "plan", "compaction", "summary", "title"]);
    expect(list.filter((agent) => agent.hidden).map((agent) => agent.name)).toEqual(["compaction", "summary", "title"]);
    expect(list.filter((agent) => agent.mode === "subagent").map((agent) => agent.name)).toEqual(["explore", "general"]);
    for (const agent of list) expect(Agent.parse(agent)).toEqual(agent);
  });

  test("answer to `undefined` and `default` with the default agent", async () => {
    expect((await agentsOf().get(undefined)).name).toBe("build");
    expect((await agentsOf({ default_agent: "plan" }).get("default")).name).toBe("plan");
    expect((await agentsOf({ default_agent: "plan" }).list())[0]?.name).toBe("plan");
  });

  test("that do not exist are an error that names those that do", async () => {
    await expect(agentsOf().get("biuld")).rejects.toMatchObject({
      name: "AgentNotFoundError",
      message: expect.stringContaining("build, plan, general, explore"),
    });
    await expect(agentsOf({ default_agent: "nope" }).get(undefined)).rejects.toMatchObject({ name: "AgentNotFoundError" });
    await expect(agentsOf({ default_agent: "explore" }).get(undefined)).rejects.toMatchObject({
      name: "ConfigInvalidError",
      message: expect.stringContaining("build, plan"),
    });
  });
});

describe("the permissions", () => {
  test.each([
    ["build", "bash", "rm -r build", "allow"],
    ["build", "edit", "src/a.ts", "allow"],
    ["build", "external_directory", "/etc/*", "ask"],
    ["build", "doom_loop", "bash", "ask"],
    ["build", "read", "src/a.ts", "allow"],
    ["build", "read", ".env", "ask"],
    ["build", "read", "config/.env.local", "ask"],
    ["build", "read", ".env.example", "allow"],
    ["plan", "edit", "src/a.ts", "deny"],
    ["plan", "bash", "git diff HEAD~1", "allow"],
    ["plan", "bash", "npm test", "ask"],
    ["plan", "bash", "git diff; rm -r src", "ask"],
    ["plan", "bash", "cat a > b", "ask"],
    ["plan", "bash", "cat .env", "ask"],
    ["explore", "edit", "src/a.ts", "deny"],
    ["explore", "bash", "rg parser", "allow"],
    ["explore", "bash", "npm install", "deny"],
    ["general", "edit", "src/a.ts", "allow"],
    ["title", "bash", "ls", "deny"],
  ])("of %s for %s %s: %s", async (name, permission, pattern, action) => {
    const agent = await agentsOf().get(name);
    expect(decide(agent.permission, permission, pattern)).toBe(action);
  });

  test("of the configuration come after the defaults, those of an agent after them", async () => {
    const config = {
      permission: { bash: { "*": "ask", "git *": "allow" } },
      agent: { build: { permission: { bash: { "git push*": "deny" } } } },
    };
    const { permission } = await agentsOf(config).get("build");
    expect(decide(permission, "bash", "ls")).toBe("ask");
    expect(decide(permission, "bash", "git log")).toBe("allow");
    expect(decide(permission, "bash", "git push origin")).toBe("deny");
  });

  test("of the configuration do not make a read-only agent write; its own do", async () => {
    const open = await agentsOf({ permission: { edit: "allow" } }).get("plan");
    expect(decide(open.permission, "edit", "a.ts")).toBe("deny");
    const own = await agentsOf({ agent: { plan: { permission: { edit: { "docs/*": "ask" } } } } }).get("plan");
    expect(decide(own.permission, "edit", "docs/a.md")).toBe("ask");
    expect(decide(own.permission, "edit", "src/a.ts")).toBe("deny");
  });

  test("of a configuration become rules in its order", () => {
    expect(rulesFromConfig("ask")).toEqual([{ permission: "*", pattern: "*", action: "ask" }]);
    expect(rulesFromConfig({ edit: "deny", bash: { "*": "ask", "ls *": "allow" } })).toEqual([
      { permission: "edit", pattern: "*", action: "deny" },
      { permission: "bash", pattern: "*", action: "ask" },
      { permission: "bash", pattern: "ls *", action: "allow" },
    ]);
    expect(rulesFromConfig(undefined)).toEqual([]);
  });
});

describe("a configured agent", () => {
  test("is added with all that it says", async () => {
    const review = {
      model: "anthropic/claude-sonnet-4-5",
      prompt: "You review.",
      description: "Reviews code",
      mode: "subagent",
      temperature: 0.2,
      top_p: 0.9,
      maxSteps: 7,
      tools: { write: false, bash: false },
      reasoningEffort: "high",
    };
    const agent = await agentsOf({ agent: { review } }).get("review");
    expect(agent).toMatchObject({
      ...{ name: "review", mode: "subagent", prompt: "You review.", description: "Reviews code", temperature: 0.2, topP: 0.9, steps: 7 },
      model: { providerID: "anthropic", modelID: "claude-sonnet-4-5" },
      options: { reasoningEffort: "high" },
    });
    expect(agent.native).toBeUndefined();
    expect(decide(agent.permission, "edit", "a.ts")).toBe("deny");
    expect(decide(agent.permission, "bash", "ls")).toBe("deny");
    expect(Agent.parse(agent)).toEqual(agent);
  });

  test("changes a built-in one and keeps the rest of it", async () => {
    const agent = await agentsOf({ agent: { plan: { temperature: 0.5 } } }).get("plan");
    expect(agent).toMatchObject({ temperature: 0.5, native: true, mode: "primary" });
    expect(decide(agent.permission, "edit", "a.ts")).toBe("deny");
  });

  test("is removed by `disable`", async () => {
    const agents = agentsOf({ agent: { build: { disable: true } } });
    expect((await agents.list()).map((agent) => agent.name)).not.toContain("build");
    expect((await agents.get(undefined)).name).toBe("plan");
  });

  test("of the older `mode` section is primary, and `agent` wins over it", async () => {
    const agents = agentsOf({ mode: { docs: { prompt: "Old", temperature: 1 } }, agent: { docs: { prompt: "New" } } });
    expect(await agents.get("docs")).toMatchObject({ mode: "primary", prompt: "New", temperature: 1 });
  });

  test("whose model names no provider is an error that names the key", async () => {
    await expect(agentsOf({ agent: { review: { model: "gpt-5" } } }).list()).rejects.toMatchObject({
      name: "ConfigInvalidError",
      message: expect.stringContaining("agent.review.model"),
    });
  });
});

describe("the system prompt", () => {
  const input = {
    agent: { prompt: "You are an agent." },
    directory: "/home/me/project/src",
    worktree: "/home/me/project",
    platform: "linux",
    date: new Date(2026, 10, 21, 12),
    model: { providerID: "openai", modelID: "gpt-5" },
    instructions: ["Instructions from AGENTS.md: use tabs."],
    git: { branch: "main" },
  };

  test("is the agent's prompt, the environment and the instructions", () => {
    const [prompt, environment, ...instructions] = systemPrompt(input);
    expect(prompt).toBe("You are an agent.");
    for (const fact of ["openai/gpt-5", "/home/me/project/src", "on branch main", "linux", "Nov 21 2026"])
      expect(environment).toContain(fact);
    expect(instructions).toEqual(["Instructions from AGENTS.md: use tabs."]);
  });

  test("has the base prompt for an agent without one, and says when there is no repository", () => {
    const [prompt, environment] = systemPrompt({ ...input, agent: {}, git: undefined });
    expect(prompt).toMatch(/^You are a coding agent\./);
    expect(environment).toContain("Git repository: no");
  });
});
