import { describe, expect, it } from "vitest";
import { testServer } from "../helpers/server.ts";

describe("the list of sessions", () => {
  it("finds titles that are not ASCII, as they are written", async () => {
    await using server = await testServer();
    const { sessions } = server.app;
    for (const title of ["ÄÖÜ Straße", "日本語 🎉", "Plain"]) await sessions.create(server.repository.path, { title });
    const titles = async (search: string) =>
      (await sessions.list({ directory: server.repository.path, search })).map((session) => session.title);
    expect(await titles("ÄÖÜ")).toEqual(["ÄÖÜ Straße"]);
    expect(await titles("ÄÖÜ STRA")).toEqual(["ÄÖÜ Straße"]);
    expect(await titles("🎉")).toEqual(["日本語 🎉"]);
    expect(await titles("pLAIN")).toEqual(["Plain"]);
  });

  it("finds sessions below a path that is not ASCII", async () => {
    await using server = await testServer({ files: { "🎉/in/a.txt": "", "🎉x/a.txt": "" } });
    const { sessions, instance } = server.app;
    for (const name of ["🎉/in", "🎉x"]) await sessions.create(server.repository.join(name), { title: name });
    const { project } = await instance(server.repository.path);
    const found = await sessions.list({ directory: server.repository.path, projectID: project.id, path: "🎉" });
    expect(found.map(({ title }) => title)).toEqual(["🎉/in"]);
  });

  it.each(["1.5", "-1", "1e3.5"])("refuses limit=%s by name", async (limit) => {
    await using server = await testServer();
    const response = await fetch(`${server.url}/session?limit=${limit}`);
    expect({ status: response.status, body: await response.json() }).toMatchObject({
      status: 400,
      body: { name: "BadRequest", data: { field: "limit" } },
    });
  });
});
