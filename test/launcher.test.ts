import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { expect, it } from "vitest";

const root = resolve(import.meta.dirname, "..");
const launcher = join(root, "bin/codeport.js");
const { engines, bin } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));

/** Runs the launcher in a Node that says it is `version`. */
function launchAs(version: string): Promise<{ code: unknown; stdout: string; stderr: string }> {
  const disguise = `Object.defineProperty(process, "versions", { value: { ...process.versions, node: "${version}" } });`;
  const words = ["--import", `data:text/javascript,${encodeURIComponent(disguise)}`, launcher, "--version"];
  return new Promise((done) => {
    execFile(process.execPath, words, (error, stdout, stderr) => done({ code: error?.code ?? 0, stdout, stderr }));
  });
}

it.each(["8.17.0", "20.20.2", "22.17.9"])("a Node %s is told in one line what is needed, and nothing runs", async (version) => {
  const needed = engines.node.replace(">=", "");
  expect(await launchAs(version)).toEqual({
    code: 3,
    stdout: "",
    stderr: `codeport needs Node ${needed} or newer; this is Node ${version}.\n`,
  });
});

it.each(["22.18.0", "22.100.0", "26.0.0"])("a Node %s runs the program", async (version) => {
  const { stdout, stderr } = await launchAs(version);
  expect(stderr).not.toContain("needs Node");
  expect(stdout).toMatch(/^\d+\.\d+\.\d+/);
});

it("codeport and opencode are the same program", () => {
  expect(bin).toEqual({ codeport: "bin/codeport.js", opencode: "bin/codeport.js" });
});
