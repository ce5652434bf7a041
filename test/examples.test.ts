import { execFile } from "node:child_process";
import { readdir, readFile } from "node:fs/promises";
import { isBuiltin } from "node:module";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, test } from "vitest";
import { pieces } from "../examples/bot-adapter/answer.ts";
import { createBot, type Platform } from "../examples/bot-adapter/bot-adapter.ts";
import { openJournal } from "../examples/bot-adapter/journal.ts";
import { mailsIn, readMail, writeMail } from "../examples/mailbox/mail.ts";
import { createClient } from "../src/client/client.ts";
import { watch } from "./helpers/app.ts";
import { exampleNames, examples, installs } from "./helpers/examples.ts";
import { testServer } from "./helpers/server.ts";

/** What can be seen without starting them; the programs themselves run in `test/full/examples*.test.ts`. */

const names = await exampleNames();
const { devDependencies }: { devDependencies: Record<string, string> } = JSON.parse(
  await readFile(join(examples, "..", "package.json"), "utf8"),
);

test("every example is in the list, with a line about it", async () => {
  const list = await readFile(join(examples, "README.md"), "utf8");
  const listed = [...list.matchAll(/^\| \[([a-z-]+)\]\(\1\) +\| \S.*\|$/gm)].map(([, name]) => name);
  expect(listed.sort()).toEqual(names.sort());
});

describe.each(names)("examples/%s", (name) => {
  test("installs what it imports, in the versions that are tested here", async () => {
    const wanted = new Map((await installs(name)).map((each) => [each.name, each.version]));
    for (const [packageName, wantedVersion] of wanted) {
      if (packageName !== "codeport") expect(`${packageName}@${wantedVersion}`).toBe(`${packageName}@${devDependencies[packageName]}`);
    }
    expect([...new Set(await importsOf(name))].filter((imported) => !wanted.has(imported))).toEqual([]);
  });

  test("imports nothing of the server's insides", async () => {
    const ours = (await sourcesOf(name)).flatMap(specifiersOf).filter((specifier) => /^(\.\.|codeport)/.test(specifier));
    expect(ours.filter((specifier) => !/^(codeport\/(client|server)|\.\.\/bot-adapter\/[a-z-]+\.ts)$/.test(specifier))).toEqual([]);
  });

  test("has a README that starts it", async () => {
    const readme = await readFile(join(examples, name, "README.md"), "utf8");
    expect(readme).toMatch(/^# \S/);
    expect(readme).toMatch(/^Needs: /m);
    const files = (await readdir(join(examples, name))).filter((file) => /\.(ts|mjs|sh|html)$/.test(file));
    expect(files.some((file) => readme.includes(file))).toBe(true);
  });
});

test("the bot adapter answers a known message once, also after a restart", async () => {
  await using server = await testServer();
  server.model.text("Peeled.").text("Squeezed.");
  await using client = createClient({ url: server.url });
  const posted: string[] = [];
  const answered = Promise.withResolvers<void>();
  const platform: Platform = {
    ...{ name: "test", limit: 100, pace: Number.POSITIVE_INFINITY, edit: async () => {}, ask: async () => "0" },
    async post(conversation, text) {
      if (posted.push(`${conversation}: ${text}`) === 2) answered.resolve();
      return String(posted.length);
    },
  };
  const open = async () => {
    const journal = await openJournal(server.home.join("journal"));
    return createBot({ client, platform, journal, users: new Set(["peel"]), approvers: new Set() });
  };
  const message = { id: "1", conversation: "kitchen", user: "peel", text: "peel" };
  const bot = await open();
  await bot.receive({ ...message, user: "stranger" });
  await Promise.all([bot.receive(message), bot.receive(message)]);
  await expect.poll(() => server.home.read("journal"), { timeout: 20_000 }).toContain('{"answered":"1"}');
  const restarted = await open();
  await restarted.receive(message);
  await restarted.receive({ ...message, id: "2", text: "squeeze" });
  await answered.promise;
  expect(posted).toEqual(["kitchen: Peeled.", "kitchen: Squeezed."]);
});

test("a long answer is cut at line ends, and nothing of it is lost", () => {
  expect(pieces("one\ntwo\nthree", 8)).toEqual(["one\ntwo", "three"]);
  expect(pieces("marmalade", 4)).toEqual(["marm", "alad", "e"]);
  expect(pieces("", 4)).toEqual([""]);
});

test("a letter is read as it was written, whatever its headers hold", () => {
  const mail = { to: "author", from: "reviewer", subject: "Mend: it", hops: 2, body: "One\n\nTwo" };
  expect(readMail(writeMail(mail))).toEqual(mail);
  expect(readMail(writeMail({ ...mail, subject: "Mend\nHops: 0" }))?.hops).toBe(2);
  expect(readMail("Dear author,\n\nno headers.")).toBeUndefined();
  expect(mailsIn("Well.\n```mail\nTo: a\n\nOne\n```\nand\n````mail\nTo: b\n\n```js\n```\n````\n").map(({ to }) => to)).toEqual(["a", "b"]);
});

test.skipIf(process.platform === "win32")("voice-dispatch hands over what was said, character by character", async () => {
  await using server = await testServer();
  server.model.text("Heard.");
  using events = watch(server.app);
  const said = `"Quoted", it's $(touch hacked) \`x\` \\n\n\tæøå 🍊\\\n`;
  const env = { PATH: process.env.PATH, CODEPORT_URL: server.url };
  await promisify(execFile)("sh", [join(examples, "voice-dispatch", "voice-dispatch.sh"), said], { env });
  const { properties } = await events.until("message.part.updated", ({ properties: { part } }) => part.type === "text");
  expect(properties.part).toMatchObject({ text: said });
  await events.until("session.idle");
});

async function sourcesOf(name: string): Promise<string[]> {
  const files = await readdir(join(examples, name), { recursive: true });
  return Promise.all(files.filter((file) => /\.(ts|mjs|html)$/.test(file)).map((file) => readFile(join(examples, name, file), "utf8")));
}

function specifiersOf(source: string): string[] {
  return [...source.matchAll(/(?:^|\s)(?:from|import) "([^"]+)"|\bimport\("([^"]+)"\)/g)].map(([, from, lazy]) => from ?? lazy ?? "");
}

/** The names of the packages that are imported when it runs. */
async function importsOf(name: string): Promise<string[]> {
  const sources = await sourcesOf(name);
  const atRuntime = sources.map((source) => source.replaceAll(/^import type [^;]*;/gm, ""));
  const packages = atRuntime.flatMap(specifiersOf).filter((specifier) => !specifier.startsWith(".") && !isBuiltin(specifier));
  return packages.map((specifier) => specifier.split("/", specifier.startsWith("@") ? 2 : 1).join("/"));
}
