import { sql } from "drizzle-orm";
import { expect, it } from "vitest";
import { scope, storeFile, testLog, testSession, testText } from "../helpers/store.ts";

// Each took what the other had merged for its own progress, and neither ever ended.
it("two erasures at once both come to their end, and leave no word in the index", async () => {
  await using store = await storeFile();
  await using opened = await testLog({ file: store.file });
  const { log, database } = opened;
  const info = testSession();
  await log.append([{ type: "session.created", properties: { sessionID: info.id, info } }], { scope });
  for (let at = 0; at < 40; at += 1) {
    const part = testText(info.id, { text: Array.from({ length: 200 }, (_, word) => `word${at * 200 + word}`).join(" ") });
    await log.append([{ type: "message.part.updated", properties: { sessionID: info.id, part, time: 1 } }], { scope });
  }
  await log.append([{ type: "session.deleted", properties: { sessionID: info.id, info } }], { scope });
  expect(await Promise.all([database.wipe([]), database.wipe([]), database.wipe([])])).toEqual([true, true, true]);
  expect(await database.orm.all(sql`select rowid from search where search match 'word1'`)).toEqual([]);
});
