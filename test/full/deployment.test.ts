import { type SpawnSyncReturns, spawnSync } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { verifies } from "../conformance/verifies.ts";
import { temporaryDirectory } from "../helpers/directory.ts";
import { freePort } from "../helpers/port.ts";
import { finished, type Program, programWorkspace } from "../helpers/program.ts";

const root = join(import.meta.dirname, "..", "..");
const text = (path: string) => readFile(join(root, path), "utf8");
const password = { OPENCODE_SERVER_PASSWORD: "peel" };
const login = { authorization: `Basic ${btoa("opencode:peel")}` };

interface Stage {
  from: string;
  instructions: [name: string, value: string][];
}

/** The instructions of a Dockerfile, by stages. */
function stagesOf(dockerfile: string): Stage[] {
  const stages: Stage[] = [];
  const lines = dockerfile.replace(/^\s*#.*\n/gm, "").replace(/\\\n\s*/g, "");
  for (const [, name = "", value = ""] of lines.matchAll(/^([A-Z]+) +(.+)$/gm)) {
    if (name === "FROM") stages.push({ from: value, instructions: [] });
    else stages.at(-1)?.instructions.push([name, value]);
  }
  return stages;
}

function instructionOf(stage: Stage | undefined, name: string): string {
  const found = stage?.instructions.findLast(([candidate]) => candidate === name);
  if (found === undefined) throw new Error(`The Dockerfile has no ${name}.`);
  return found[1];
}

/** The command of an instruction in its JSON form. */
const wordsOf = (value: string): string[] => JSON.parse(value.slice(value.indexOf("[")));

function shell(script: string, cwd: string): SpawnSyncReturns<string> {
  return spawnSync("sh", ["-e", "-c", script], { cwd, encoding: "utf8" });
}

async function answersWithPassword(server: Program): Promise<void> {
  const url = (await server.listening()).replace("0.0.0.0", "127.0.0.1");
  expect((await fetch(`${url}/session`)).status).toBe(401);
  expect(await (await fetch(`${url}/session`, { headers: login })).json()).toEqual([]);
  expect(await (await fetch(`${url}/web/`, { headers: { accept: "text/html" } })).text()).toContain("<base href");
}

describe("the image", () => {
  verifies(
    "deployment: Dockerfile and systemd unit",
    "is built by steps that run, starts what it says, and tells whether it is healthy",
    async () => {
      const [build, last] = stagesOf(await text("Dockerfile"));
      await using place = await temporaryDirectory();
      // `npm ci` is what every run of these tests began with; its result is the working tree.
      const steps = build?.instructions.filter(([name]) => name === "RUN").map(([, value]) => value) ?? [];
      expect(steps[0]).toMatch(/^npm ci /);
      const own = (step: string) => step.replaceAll("/tmp", place.path).replaceAll("/opt", join(place.path, "opt"));
      for (const step of steps.slice(1)) expect(shell(own(step), root)).toMatchObject({ status: 0 });
      expect(instructionOf(last, "COPY")).toBe("--from=build /opt/codeport /opt/codeport");
      expect(instructionOf(last, "ENV")).toBe("PATH=/opt/codeport/node_modules/.bin:$PATH");
      const installed = join(place.path, "opt/codeport/node_modules/codeport/bin/codeport.js");

      const port = await freePort();
      const here = (word: string) => word.replace("4096", String(port));
      const words = [...wordsOf(instructionOf(last, "ENTRYPOINT")), ...wordsOf(instructionOf(last, "CMD"))].map(here);
      expect(words.slice(0, 3)).toEqual(["tini", "--", "codeport"]);
      await using workspace = await programWorkspace();
      const health = () => spawnSync(process.execPath, wordsOf(instructionOf(last, "HEALTHCHECK")).slice(1).map(here)).status;
      expect(health()).toBe(1);
      const serve = ["node", installed, ...words.slice(3)];
      const refused = await finished(await workspace.launch(serve));
      expect(refused).toMatchObject({ code: 3, stderr: expect.stringContaining("OPENCODE_SERVER_PASSWORD") });
      await using server = await workspace.launch(serve, { env: password });
      await answersWithPassword(server);
      expect(health()).toBe(0);
      server.kill("SIGTERM");
      expect(await server.exited).toEqual({ code: 0, signal: null });
    },
  );

  test("runs as nobody special, and its last stage has what agents need and no build tools", async () => {
    const last = stagesOf(await text("Dockerfile")).at(-1);
    expect(last?.from).toMatch(/^node:24-.*-slim$/);
    expect(instructionOf(last, "USER")).toBe("node");
    const run = instructionOf(last, "RUN");
    expect(run).toContain(" git ");
    expect(run).not.toMatch(/build-essential|python|g\+\+|make|npm/);
    // What comes after USER changes nothing that belongs to root.
    const names = last?.instructions.map(([name]) => name) ?? [];
    expect(names.slice(names.indexOf("USER"))).not.toContain("RUN");
  });

  test("is composed with a password, from this machine alone, without rights", async () => {
    const { services, volumes } = parse(await text("compose.yaml"));
    const { codeport } = services;
    expect(codeport.environment.OPENCODE_SERVER_PASSWORD).toMatch(/^\$\{OPENCODE_SERVER_PASSWORD:\?/);
    expect(codeport.ports).toEqual(["127.0.0.1:4096:4096"]);
    expect(codeport).toMatchObject({ read_only: true, cap_drop: ["ALL"], security_opt: ["no-new-privileges:true"] });
    expect(Object.keys(volumes)).toEqual(["home"]);
    expect(codeport.volumes).toContainEqual(expect.stringMatching(/:\/workspace$/));
  });

  test("for developers installs and serves by scripts that there are", async () => {
    const container = JSON.parse(await text(".devcontainer/devcontainer.json"));
    expect(container).toMatchObject({ postCreateCommand: "npm ci", forwardPorts: [4096], image: expect.stringContaining(":24-") });
  });
});

describe("the systemd unit", () => {
  /** `Name=value` of a unit, each name with all its values. */
  async function settings(): Promise<Map<string, string[]>> {
    const found = new Map<string, string[]>();
    for (const [, name = "", value = ""] of (await text("docs/deployment/codeport.service")).matchAll(/^(\w+)=(.*)$/gm)) {
      found.set(name, [...(found.get(name) ?? []), value]);
    }
    return found;
  }

  verifies("deployment: Dockerfile and systemd unit", "starts a server that ends in order", async () => {
    const [execStart = ""] = (await settings()).get("ExecStart") ?? [];
    const [program, ...words] = execStart.split(" ");
    expect(program).toBe("/usr/local/bin/codeport");
    await using workspace = await programWorkspace();
    await using server = await workspace.start(
      words.map((word) => word.replace("4096", "0")),
      { env: password },
    );
    await answersWithPassword(server);
    server.kill("SIGTERM");
    expect(await server.exited).toEqual({ code: 0, signal: null });
  });

  test("is one that systemd understands, and leaves the service little to do harm with", async ({ skip }) => {
    if (spawnSync("systemd-analyze", ["--version"]).status !== 0) skip("systemd-analyze is not installed (Debian: apt install systemd)");
    const unit = (await text("docs/deployment/codeport.service")).replace("/usr/local/bin/codeport", "/bin/true");
    await using place = await temporaryDirectory({ files: { "codeport.service": unit } });
    const analyze = (...words: string[]) => spawnSync("systemd-analyze", [...words, place.join("codeport.service")], { encoding: "utf8" });
    const { status, stderr } = analyze("verify");
    expect({ status, complaints: stderr.split("\n").filter((line) => line.includes("codeport.service")) }).toEqual({
      status: 0,
      complaints: [],
    });
    // Of 10; at most 2.0 is wanted.
    expect(analyze("security", "--offline=true", "--threshold=20").status).toBe(0);
  });
});
