import { describe, expect, it } from "vitest";
import { configSchema } from "../src/schema/config-schema.ts";
import { readConfig } from "../web/src/screens/settings/config-draft.ts";

const read = (text: string, config: object = {}) => readConfig(text, { schema: configSchema(), config });

describe("the editor of the configuration", () => {
  it.each<[object]>([
    [{ model: "a/b", permission: { bash: { "*": "ask", "ls *": "allow" } }, mcp: { here: { type: "local", command: ["x"] } } }],
    [
      {
        provider: {
          mine: { options: { apiKey: "{env:KEY}", timeout: false, anything: [1] }, models: { big: { limit: { context: 1, output: 1 } } } },
        },
      },
    ],
    [{ agent: { reviewer: { mode: "subagent", prompt: "Look.", tools: { bash: false } } }, formatter: false, lsp: true, share: "auto" }],
  ])("takes what the server takes: %o", (config) => {
    expect(read(JSON.stringify(config))).toEqual({ value: config, faults: [] });
  });

  it.each<[string, string, string]>([
    ["{", "", "is not JSON"],
    ["[]", "", "must be an object"],
    ['{ "model": 3 }', "model", "must be a string"],
    ['{ "modell": "a/b" }', "modell", 'did you mean "model"?'],
    ['{ "share": "never" }', "share", 'must be one of "manual"'],
    ['{ "mcp": { "here": { "type": "local", "command": "x" } } }', "mcp.here.command", "must be an array"],
    ['{ "command": { "test": {} } }', "command.test.template", "is missing"],
  ])("names what is wrong with %s", (text, place, message) => {
    const { value, faults } = read(text);
    expect(value).toBeUndefined();
    expect(faults.map(({ path }) => path.join("."))).toContain(place);
    expect(faults.map((fault) => fault.message).join(" ")).toContain(message);
  });

  it("says of a key that was taken out that it stays", () => {
    expect(read("{}", { model: "a/b" }).faults).toEqual([{ path: ["model"], message: expect.stringContaining("cannot be removed here") }]);
  });
});
