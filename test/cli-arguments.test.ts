import { describe, expect, test } from "vitest";
import { readArguments } from "../src/cli/arguments.ts";
import { readPlainServe } from "../src/cli/quick.ts";
import { nearest } from "../src/schema/nearest.ts";

const read = (...words: string[]) => readArguments(words, "1.2.3");

async function flagsOf(...words: string[]): Promise<Record<string, unknown>> {
  const request = await read(...words);
  return "flags" in request ? { ...request.flags } : {};
}

describe("serve", () => {
  test("takes its flags in both spellings", async () => {
    expect(await flagsOf("serve", "--hostname=127.0.0.1", "--port=0", "--log-level=DEBUG")).toMatchObject({
      hostname: "127.0.0.1",
      port: 0,
      "log-level": "debug",
    });
    expect(await flagsOf("serve", "--port", "5000", "--mdns")).toMatchObject({ port: 5000, mdns: true });
  });

  test("repeated and comma-separated origins are one list", async () => {
    const flags = await flagsOf("serve", "--cors", "https://a.example,https://b.example", "--cors", "https://c.example");
    expect(flags.cors).toEqual(["https://a.example", "https://b.example", "https://c.example"]);
  });

  test("roots repeat and keep their commas", async () => {
    expect((await flagsOf("serve", "--root", "/a,b", "--root", "/c")).root).toEqual(["/a,b", "/c"]);
  });

  test("the last of a repeated single flag wins", async () => {
    expect((await flagsOf("serve", "--port", "1", "--port", "2")).port).toBe(2);
  });

  test.each(["abc", "70000", "-1", "1.5", "", "NaN", "0x10"])("refuses the port %j", async (port) => {
    await expect(read("serve", `--port=${port}`)).rejects.toMatchObject({ kind: "usage", message: expect.stringContaining("--port") });
  });

  test("refuses a flag without its value", async () => {
    await expect(read("serve", "--port")).rejects.toMatchObject({ kind: "usage", message: expect.stringContaining("port") });
  });
});

describe("run", () => {
  test("keeps the words as they were written", async () => {
    expect((await flagsOf("run", "fix", "007", "1e3", "true")).message).toEqual(["fix", "007", "1e3", "true"]);
  });

  test("words may follow and precede flags, and start with a dash after --", async () => {
    const flags = await flagsOf("run", "fix it", "--model", "openai/gpt", "-c", "now", "--", "--hard");
    expect(flags).toMatchObject({ message: ["fix it", "now", "--hard"], model: "openai/gpt", continue: true });
  });

  test("short names stand for long ones", async () => {
    expect(await flagsOf("run", "-s", "ses_1", "-m", "a/b", "go")).toMatchObject({ session: "ses_1", model: "a/b" });
  });

  test.each([
    ["--timeout", "soon"],
    ["--timeout", "0"],
    ["--format", "xml"],
    ["--on-ask", "maybe"],
  ])("refuses %s %s and names the flag", async (flag, value) => {
    await expect(read("run", "go", flag, value)).rejects.toMatchObject({ kind: "usage", message: expect.stringContaining(flag) });
  });
});

describe("what is not known", () => {
  test("a mistyped command is answered with the nearest", async () => {
    await expect(read("sevre")).rejects.toMatchObject({ kind: "usage", message: 'Unknown command "sevre". Did you mean serve?' });
  });

  test("a mistyped flag is answered with the nearest", async () => {
    await expect(read("serve", "--prot", "1")).rejects.toMatchObject({ message: "Unknown flag --prot. Did you mean --port?" });
    await expect(read("run", "x", "--atach=http://h")).rejects.toMatchObject({ message: expect.stringContaining("--attach") });
  });

  test("something quite different gets no false suggestion", async () => {
    await expect(read("deploy")).rejects.toMatchObject({ message: expect.not.stringContaining("Did you mean") });
  });

  test("a word that is no command is not taken for a directory", async () => {
    await expect(read("rnu", "--port", "0")).rejects.toMatchObject({ kind: "usage", message: 'Unknown command "rnu". Did you mean run?' });
  });

  test("a stray word is not ignored", async () => {
    await expect(read("serve", "4096")).rejects.toMatchObject({ message: expect.stringContaining('"4096"') });
  });
});

describe("the terminal client", () => {
  test("is what the program does without a command", async () => {
    expect(await read()).toMatchObject({ command: "terminal" });
    expect(await read("--port", "4100", "-c", "-m", "a/b")).toMatchObject({ flags: { port: 4100, continue: true, model: "a/b" } });
  });

  test("is attached to an address, to the usual one without", async () => {
    expect(await read("attach", "http://h:1", "--token", "t", "-s", "ses_1")).toMatchObject({
      command: "attach",
      flags: { url: "http://h:1", token: "t", session: "ses_1" },
    });
    expect((await flagsOf("attach")).url).toBeUndefined();
  });
});

describe("help and version", () => {
  test("are text to print", async () => {
    expect(await read("--version")).toEqual({ command: "print", text: "1.2.3" });
    expect(await read("--help")).toMatchObject({ command: "print", text: expect.stringContaining("serve") });
    expect(await read("run", "--help")).toMatchObject({ command: "print", text: expect.stringContaining("--on-ask") });
  });
});

test("the nearest candidate is a slip away or none", () => {
  expect(nearest("--hostnmae", ["--host", "--hostname"])).toBe("--hostname");
  expect(nearest("rnu", ["run", "serve"])).toBe("run");
  expect(nearest("xyz", ["run", "serve"])).toBeUndefined();
});

describe("a plain serve is read without yargs", () => {
  test.each([
    [],
    ["--port", "0"],
    ["--port=5000", "--hostname", "::1", "--mdns"],
    ["--port", "1", "--port", "2"],
    ["--cors", "https://a.example,https://b.example", "--cors=https://c.example"],
    ["--root", "/a,b", "--root", "/c"],
    ["--log-level=DEBUG", "--print-logs", "--unsafe-no-password", "--base-path", "/code", "--db", "file:x.db"],
  ])("to the same flags: %j", async (...words) => {
    const { _, $0, ...flags } = await flagsOf("serve", ...words);
    expect(readPlainServe(["serve", ...words])).toEqual(flags);
  });

  test.each([
    ["run", "hi"],
    ["serve", "--help"],
    ["serve", "-h"],
    ["serve", "--prot", "1"],
    ["serve", "--port"],
    ["serve", "--port", "abc"],
    ["serve", "--no-mdns"],
    ["serve", "--mdns=false"],
    ["serve", "4096"],
    ["serve", `--hostname="::1"`],
    ["--port", "0", "serve"],
    [],
  ])("and nothing else is: %j", (...words) => {
    expect(readPlainServe(words)).toBeUndefined();
  });
});
