import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, expect, inject, it } from "vitest";
import { appRouter } from "../../routers/index.ts";
import { checkAnswers } from "../helpers/answers.ts";
import { send } from "../helpers/host.ts";
import { testServer } from "../helpers/server.ts";

describe("every answer in this suite is held against the document", () => {
  it.each([
    ["a status it does not name", "GET", 418, "{}"],
    ["a field of another type", "GET", 200, '[{"id":5}]'],
    ["a body that is no JSON", "GET", 200, "<html>"],
    ["an error of another shape", "GET", 400, '{"error":"no"}'],
  ])("%s fails the test that saw it", async (_name, method, status, body) => {
    const impostor = createServer((_request, response) => {
      response.writeHead(status, { "content-type": "application/json" }).end(body);
    });
    await once(impostor.listen(0, "127.0.0.1"), "listening");
    const { port } = impostor.address() as AddressInfo;
    const answers = checkAnswers({ url: `http://127.0.0.1:${port}`, router: appRouter });
    await send(`http://127.0.0.1:${port}/session`, { method });
    impostor.close();
    expect(() => answers[Symbol.dispose]()).toThrow("/session");
  });

  it("the right ones do not; and the document that is served is the one they are held against", async () => {
    await using server = await testServer();
    const served = await send(`${server.url}/doc`);
    const checked = JSON.parse(inject("served").document);
    const { paths, components } = served.json as { paths: object; components: object };
    expect(Object.keys(paths)).toEqual(Object.keys(checked.paths));
    expect(paths).toEqual(checked.paths);
    expect(components).toEqual(checked.components);
  });
});

it("every GET of the document is answered as it says, with nothing and with something in its place", async () => {
  await using server = await testServer({ files: { "a.txt": "a\n" } });
  const session = await server.app.sessions.create(server.repository.path, { title: "Asked about" });
  const document: { paths: Record<string, { get?: { responses: Record<string, { content?: object }> } }> } = JSON.parse(
    inject("served").document,
  );
  const endless = ["/tui/control/next", "/tui/next"];
  const asked: number[] = [];
  for (const [path, { get }] of Object.entries(document.paths)) {
    if (get === undefined || "text/event-stream" in (get.responses[200]?.content ?? {}) || endless.includes(path)) continue;
    for (const id of [session.id, "unknown"]) {
      const reply = await send(`${server.url}${path.replace(/\{\w+\}/g, id)}`);
      expect(reply.status, path).toBeLessThan(500);
      asked.push(reply.status);
    }
  }
  // What each of them answered is judged when the server is disposed.
  expect(asked.filter((status) => status === 200).length).toBeGreaterThan(60);
});
