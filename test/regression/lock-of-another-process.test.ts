import { expect, it } from "vitest";
import { connect } from "../../db/connection.ts";
import { storeFile } from "../helpers/store.ts";

// The statement that could not begin stayed half done: nothing was committed and nothing new was seen until the garbage collector came by.
it("a store that was locked when something was to be written is as before once it is free", async () => {
  await using store = await storeFile();
  const [one, other] = [connect(store.file), connect(store.file)];
  await one.execute("pragma journal_mode = wal");
  await one.execute("create table word (text)");
  const lock = await other.transaction("write");
  await lock.execute("insert into word values ('a')");
  await expect(one.batch(["insert into word values ('b')"], "write")).rejects.toMatchObject({ code: "SQLITE_BUSY" });
  await lock.commit();

  await one.batch(["insert into word values ('c')"], "write");
  await other.batch(["insert into word values ('d')"], "write");
  expect((await one.execute("select group_concat(text) from word")).rows[0]?.[0]).toBe("a,c,d");
  expect((await one.execute("pragma wal_checkpoint(truncate)")).rows[0]?.[0]).toBe(0);
  for (const client of [one, other]) client.close();
});
