import { getEventListeners } from "node:events";
import { expect, it } from "vitest";
import { createControlQueue } from "../../src/tui/control.ts";

it("a terminal client leaves no listener behind for each request that it answered, or that was withdrawn", async () => {
  const queue = createControlQueue();
  const polls = Array.from({ length: 3 }, () => new AbortController().signal);
  const [first, second, third] = polls as [AbortSignal, AbortSignal, AbortSignal];
  const answered = queue.ask({ path: "/one", body: 1 }, new AbortController().signal);
  await queue.next(first);
  queue.respond("yes");
  expect(await answered).toBe("yes");
  const hangsUp = new AbortController();
  const withdrawn = queue.ask({ path: "/two", body: 2 }, hangsUp.signal);
  await queue.next(second);
  hangsUp.abort(new Error("hung up"));
  await expect(withdrawn).rejects.toThrow("hung up");
  const last = queue.ask({ path: "/three", body: 3 }, new AbortController().signal);
  await queue.next(third);
  queue.respond("done");
  await last;
  expect(polls.map((signal) => getEventListeners(signal, "abort").length)).toEqual([0, 0, 0]);
});
