import { expect, test } from "vitest";
import { createId, MessageID } from "../../src/schema/id.ts";
import { newMessageID } from "../../web/src/app/message-id.ts";
import { changed, type Draft, givenBack } from "../../web/src/screens/session/draft.ts";

// A prompt whose answer was lost went back to the composer, and Enter sent it twice.

const draft: Draft = { text: "Do it", mentions: [], queue: "join", files: [], messageID: "msg_1" };

test("a draft stays the message that it was sent as, until something else is written", () => {
  expect(changed(draft, { queue: "interrupt" }).messageID).toBe("msg_1");
  expect(changed(draft, { text: "Do it otherwise" }).messageID).toBeUndefined();
  expect(changed(draft, { files: [] }).messageID).toBeUndefined();
  expect(changed(draft, { text: "Do it", messageID: "msg_2" }).messageID).toBe("msg_2");
});

test("what was sent in vain comes back before what was written meanwhile, or as the message that it was", () => {
  const empty = { ...draft, text: "", messageID: undefined };
  expect(changed(empty, givenBack(draft, empty))).toEqual(draft);
  const mentions = [{ type: "agent" as const, name: "explore" }];
  const both = changed({ ...empty, text: "next" }, givenBack({ ...draft, mentions }, { ...empty, text: "next" }));
  expect(both).toMatchObject({ text: "Do it\n\nnext", mentions, messageID: undefined });
});

test("the page's ids are as the server's", () => {
  const now = Date.now();
  const id = MessageID.parse(newMessageID(now));
  expect(id).toMatch(/^msg_[0-9a-f]{12}[0-9A-Za-z]{14}$/);
  expect([createId("message", now + 60_000), newMessageID(now + 120_000), id].toSorted()[0]).toBe(id);
});
