import { describe, expect, it } from "vitest";
import type { Config } from "../src/schema/config.ts";
import type { Session } from "../src/schema/session.ts";
import { verifies } from "./conformance/verifies.ts";
import { say, testApp, watch } from "./helpers/app.ts";
import { send } from "./helpers/host.ts";
import { restClient } from "./helpers/request.ts";
import { testServer } from "./helpers/server.ts";

const password = { authorization: `Basic ${btoa("opencode:secret")}` };
const linkOf = ({ share }: Session): string => share?.url ?? "";

describe("a share link", () => {
  verifies(
    ["POST /session/{id}/share", "DELETE /session/{id}/share"],
    "opens a page to read, without the password, until it is taken back",
    async () => {
      await using test = await testServer({ listen: { password: "secret" }, files: { "a.txt": "the content\n" } });
      const call = restClient(test.url, password);
      test.model.calls({ name: "read", input: { filePath: "a.txt" } }).text("It says <b>the content</b> & more.");
      const { body: session } = await call<Session>("POST /session", { title: "<script>alert(1)</script>" });
      await call(`POST /session/${session.id}/message`, say("read a.txt"));
      using events = watch(test.app);
      const { status, body: shared } = await call<Session>(`POST /session/${session.id}/share`);
      expect(status).toBe(200);
      expect(linkOf(shared)).toMatch(new RegExp(`^${test.url}/share/[\\w-]{43}$`));
      await events.until("session.updated", ({ properties }) => properties.info.share?.url === linkOf(shared));
      expect((await call<Session>(`POST /session/${session.id}/share`)).body.share).toEqual(shared.share);

      const page = await send(linkOf(shared));
      expect(page).toMatchObject({
        status: 200,
        headers: { "content-type": "text/html; charset=utf-8", "referrer-policy": "no-referrer", "cache-control": "no-store" },
      });
      expect(page.headers["content-security-policy"]).toMatch(
        /^default-src 'none'; style-src 'sha256-[^']+'; img-src data:; .*frame-ancestors 'none'; script-src 'sha256-[^']+'; connect-src 'self'$/,
      );
      expect(page.text).toContain("It says &#60;b&#62;the content&#60;/b&#62; &#38; more.");
      expect(page.text).toContain("read: a.txt");
      expect(page.text).not.toMatch(/<script>alert|<b>|src="|https?:\/\//);
      expect(await send(`${linkOf(shared)}/data`)).toMatchObject({
        status: 200,
        json: { session: { title: session.title }, messages: [{ info: { role: "user" } }, {}, {}] },
      });

      const { body: alone } = await call<Session>(`DELETE /session/${session.id}/share`);
      expect(alone.share).toBeUndefined();
      for (const path of ["", "/data"])
        expect(await send(linkOf(shared) + path)).toMatchObject({ status: 404, json: { name: "NotFoundError" } });
      const again = await call<Session>(`POST /session/${session.id}/share`);
      expect(linkOf(again.body)).not.toBe(linkOf(shared));
    },
  );

  it("opens nothing else, only to read, and not to other people's pages", async () => {
    await using test = await testServer({ listen: { password: "secret" } });
    const call = restClient(test.url, password);
    const { body: session } = await call<Session>("POST /session");
    const link = linkOf((await call<Session>(`POST /session/${session.id}/share`)).body);
    expect((await send(`${test.url}/session/${session.id}`)).status).toBe(401);
    expect((await send(link, { method: "DELETE" })).status).toBe(401);
    expect((await send(`${link}/../../session`)).status).not.toBe(200);
    expect((await send(`${test.url}/share/${session.id}`)).status).toBe(404);
    expect((await send(link, { headers: { origin: "https://evil.example" } })).status).toBe(403);
    expect((await send(link, { headers: { host: "evil.example" } })).status).toBe(403);
    expect(await send(link, { method: "HEAD" })).toMatchObject({ status: 200, text: "" });
  });

  it("ends with its session, and does not follow a fork or show what was undone", async () => {
    await using test = await testApp();
    test.model.text("first").text("second");
    const { sessions } = test.app;
    const session = await sessions.create(test.repository.path, {});
    await sessions.prompt(session.id, say("one"));
    await sessions.prompt(session.id, { ...say("two"), messageID: "msg_two" });
    const secret =
      linkOf(await sessions.share(session.id, "http://localhost"))
        .split("/")
        .at(-1) ?? "";
    expect((await sessions.fork(session.id)).share).toBeUndefined();
    await sessions.revert(session.id, { messageID: "msg_two" });
    expect(JSON.stringify(await sessions.shared(secret))).not.toContain("second");
    await sessions.remove(session.id);
    await expect(sessions.shared(secret)).rejects.toMatchObject({ name: "NotFoundError" });
  });

  it.each<[Config, number]>([
    [{ share: "disabled" }, 403],
    [{ share: "manual" }, 200],
  ])("can be had as the configuration says: %o", async (config, status) => {
    await using test = await testServer({ config });
    const call = restClient(test.url);
    const { body: session } = await call<Session>("POST /session");
    expect(session.share).toBeUndefined();
    const answer = await call<{ message: string }>(`POST /session/${session.id}/share`);
    expect(answer.status).toBe(status);
    if (status === 403) expect(answer.body.message).toContain('share: "disabled"');
    expect((await call("POST /session/ses_none/share")).status).toBe(404);
  });

  it("is there from the start where the configuration shares every session, but for children", async () => {
    await using test = await testServer({ config: { share: "auto" }, listen: { basePath: "/code" } });
    const call = restClient(test.url);
    const { body: session } = await call<Session>("POST /session");
    expect(await send(linkOf(session))).toMatchObject({ status: 200 });
    expect(linkOf(session)).toContain("/code/share/");
    expect((await call<Session>("POST /session", { parentID: session.id })).body.share).toBeUndefined();
  });
});
