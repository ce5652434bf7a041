import { expect, it } from "vitest";
import { say, testApp, textOf } from "../helpers/app.ts";

it("a prompt without a word is refused and leaves the session as it was", async () => {
  await using test = await testApp();
  test.model.text("fine");
  const session = await test.app.sessions.create(test.repository.path, { title: "Empty" });
  for (const text of ["", "  \n"]) {
    await expect(test.app.sessions.prompt(session.id, say(text))).rejects.toMatchObject({ name: "BadRequest", data: { field: "parts" } });
  }
  expect((await test.app.sessions.messages(session.id)).items).toEqual([]);
  expect(textOf(await test.app.sessions.prompt(session.id, say("hello")))).toBe("fine");
});
