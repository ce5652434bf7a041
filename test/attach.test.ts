import { symlink } from "node:fs/promises";
import { pathToFileURL } from "node:url";
import { expect, it } from "vitest";
import type { MessageWithParts } from "../src/schema/prompt.ts";
import type { Session } from "../src/schema/session.ts";
import { recordedFiles } from "./helpers/directory.ts";
import { getJSON, postJSON, type TestServer, testServer } from "./helpers/server.ts";

async function attach(test: TestServer, file: { url: string; mime?: string; filename?: string }) {
  const { id } = await postJSON<Session>(`${test.url}/session`, { title: "Files" });
  const part = { type: "file", mime: "text/plain", ...file };
  const response = await fetch(`${test.url}/session/${id}/message`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ noReply: true, parts: [part] }),
  });
  const messages = await getJSON<MessageWithParts[]>(`${test.url}/session/${id}/message`);
  return { status: response.status, parts: messages[0]?.parts ?? [] };
}

const place = (test: TestServer, name: string) => pathToFileURL(test.repository.join(name)).href;

it("a text file is read for the model, as the read tool would; lines can be named", async () => {
  await using test = await testServer({ files: { "a.ts": "one\ntwo\nthree\n" } });
  const whole = await attach(test, { url: place(test, "a.ts") });
  expect(whole.parts).toMatchObject([
    { type: "text", synthetic: true, text: expect.stringMatching(/^Called the Read tool with the following input: .*a\.ts/) },
    { type: "text", synthetic: true, text: expect.stringContaining("2: two") },
    { type: "file", mime: "text/plain", url: place(test, "a.ts") },
  ]);
  const lines = await attach(test, { url: `${place(test, "a.ts")}?start=2&end=2` });
  expect(lines.parts[1]).toMatchObject({ text: expect.not.stringContaining("1: one") });
  expect(lines.parts[1]).toMatchObject({ text: expect.stringContaining("2: two") });
});

it("a directory is listed, an image becomes a data URL, and the model is shown both", async () => {
  await using test = await testServer({ files: { "src/b.ts": "b", "logo.png": recordedFiles["logo.png"] } });
  const listed = await attach(test, { url: place(test, "src"), mime: "application/x-directory" });
  expect(listed.parts[1]).toMatchObject({ text: expect.stringContaining("b.ts") });
  const image = await attach(test, { url: place(test, "logo.png"), mime: "image/png", filename: "logo.png" });
  expect(image.parts.at(-1)).toMatchObject({ type: "file", mime: "image/png", url: expect.stringMatching(/^data:image\/png;base64,/) });
});

it("text in a data URL is told as text", async () => {
  await using test = await testServer();
  const { parts } = await attach(test, {
    url: `data:text/plain;base64,${Buffer.from("from memory").toString("base64")}`,
    filename: "n.txt",
  });
  expect(parts[1]).toMatchObject({ type: "text", synthetic: true, text: "from memory" });
});

it("a percent sign that begins no byte is itself in a data URL", async () => {
  await using test = await testServer();
  const { status, parts } = await attach(test, { url: "data:text/plain,100%25 or 100%, caf%C3%A9", filename: "n.txt" });
  expect(status).toBe(200);
  expect(parts[1]).toMatchObject({ synthetic: true, text: "100% or 100%, café" });
});

it("an image in a data URL goes to the model in base64, however it was written; one that holds no data is refused", async () => {
  await using test = await testServer();
  const svg = '<svg xmlns="http://www.w3.org/2000/svg"/>';
  const expected = `data:image/svg+xml;base64,${Buffer.from(svg).toString("base64")}`;
  for (const url of [
    `data:image/svg+xml,${encodeURIComponent(svg)}`,
    `data:;charset=utf-8,${svg}`,
    expected,
    expected.replaceAll("=", "%3D"),
  ]) {
    expect((await attach(test, { url, mime: "image/svg+xml" })).parts).toMatchObject([{ type: "file", url: expected }]);
  }
  for (const url of ["data:image/png", "data:image/png;base64,!!!"]) {
    expect(await attach(test, { url, mime: "image/png" })).toEqual({ status: 400, parts: [] });
  }
});

it("a damaged attachment of an imported session does not keep the session from answering", async () => {
  await using test = await testServer();
  test.model.text("Still here.");
  const { id } = await postJSON<Session>(`${test.url}/session`, {});
  const parts = [{ type: "file", mime: "image/png", url: "data:image/png;base64,AAAA", filename: "logo.png" }];
  await postJSON(`${test.url}/session/${id}/message`, { noReply: true, parts });
  const [info, messages] = await Promise.all(["", "/message"].map((rest) => getJSON(`${test.url}/session/${id}${rest}`)));
  const damaged = JSON.parse(JSON.stringify({ info, messages }).replaceAll("base64,AAAA", "base64,!!"));
  const imported = await postJSON<Session>(`${test.url}/session/import`, damaged);
  const answer = await postJSON<MessageWithParts>(`${test.url}/session/${imported.id}/message`, { content: "go on" });
  expect(answer.parts.map((part) => (part.type === "text" ? part.text : part.type))).toContain("Still here.");
});

it("the model is told of a file that is not attached, since only file: and data: addresses are read", async () => {
  await using test = await testServer();
  for (const url of ["https://example.com/logo.png", "notes.txt"]) {
    const { parts } = await attach(test, { url, mime: "image/png" });
    expect(parts).toMatchObject([
      { type: "text", synthetic: true, text: expect.stringContaining(`${JSON.stringify(url)} was not attached`) },
      { type: "file", url },
    ]);
  }
});

it("a file outside the roots is refused, through a link too, whether it exists or not; a missing one inside is told to the model", async () => {
  await using test = await testServer();
  await symlink(test.home.path, test.repository.join("out"));
  await test.home.write({ "secret.txt": "secret" });
  for (const url of ["file:///etc/passwd", "file:///nowhere/at/all", place(test, "out/secret.txt"), place(test, "../x")]) {
    expect((await attach(test, { url })).status).toBe(403);
  }
  expect((await attach(test, { url: "file:relative" })).status).toBe(403);
  const missing = await attach(test, { url: place(test, "nothing.txt") });
  expect(missing.status).toBe(200);
  expect(missing.parts[1]).toMatchObject({ text: expect.stringContaining("could not read") });
});
