import { createRequire } from "node:module";
import { createConfig, lintFromString } from "@redocly/openapi-core";
import { describe, expect, inject, it } from "vitest";

/** What is used of spectral. Its own types bring declarations of a browser's globals, which would hold for every file. */
interface Spectral {
  setRuleset(rules: { extends: [unknown, "recommended"][] }): void;
  run(document: string): Promise<{ code: string; message: string; path: string[] }[]>;
}

const require = createRequire(import.meta.url);
const spectralCore: { Spectral: new () => Spectral } = require("@stoplight/spectral-core");
const spectralRulesets: { oas: unknown } = require("@stoplight/spectral-rulesets");

/** The recommended rules of both checkers as they are: what one of them has to say is mended in the document. */
describe("the served document", () => {
  const { document } = inject("served");

  it("is clean by redocly's recommended rules", async () => {
    const config = await createConfig({ extends: ["recommended"] });
    const problems = await lintFromString({ source: document, absoluteRef: "/openapi.json", config });
    expect(problems.map(({ severity, ruleId, message, location }) => [severity, ruleId, message, location[0]?.pointer])).toEqual([]);
  });

  it("is clean by spectral's recommended rules", async () => {
    const spectral = new spectralCore.Spectral();
    spectral.setRuleset({ extends: [[spectralRulesets.oas, "recommended"]] });
    const problems = await spectral.run(document);
    expect(problems.map(({ code, message, path }) => [code, message, path.join("/")])).toEqual([]);
  });

  it("breaks the rules when it is broken", async () => {
    const broken = JSON.parse(document);
    delete broken.info.license;
    delete broken.tags;
    const config = await createConfig({ extends: ["recommended"] });
    const problems = await lintFromString({ source: JSON.stringify(broken), absoluteRef: "/openapi.json", config });
    expect(problems.map(({ ruleId }) => ruleId)).toContain("info-license");
    const spectral = new spectralCore.Spectral();
    spectral.setRuleset({ extends: [[spectralRulesets.oas, "recommended"]] });
    expect((await spectral.run(JSON.stringify(broken))).map(({ code }) => code)).toContain("operation-tag-defined");
  });
});
