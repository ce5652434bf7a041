import { expect, test } from "vitest";
import { frame, rawSocket } from "../helpers/raw-socket.ts";
import { testServer } from "../helpers/server.ts";

test("what a subscription throws while it is read has the code and status of its name, and is no fault of the server", async () => {
  const faults: unknown[] = [];
  await using server = await testServer({ listen: { onFault: (fault) => faults.push(fault) } });
  using socket = await rawSocket(server.url, "/trpc?directory=nowhere");
  socket.send(frame(Buffer.from('{"id":1,"method":"subscription","params":{"path":"event.subscribe","input":{"json":{}}}}')));
  await socket.until(() => socket.texts.some((text) => text.includes("error")));
  const { error } = JSON.parse(socket.texts.find((text) => text.includes("error")) ?? "{}");
  expect(error.json).toMatchObject({ code: -32004, data: { code: "NOT_FOUND", httpStatus: 404, name: "NotFoundError" } });
  expect(faults).toEqual([]);
});
