import { expect, it } from "vitest";
import { z } from "zod";
import { createCallerFactory, procedure, router } from "../routers/trpc.ts";
import { trustOutputs } from "../routers/trust.ts";
import { createCalls } from "../src/calls.ts";

it("validates outputs until they are trusted, and then still inputs", async () => {
  const wrong = procedure
    .meta({ scope: "read" })
    .input(z.object({ count: z.number() }))
    .output(z.number())
    .query(() => "text" as unknown as number);
  const routes = router({ wrong });
  const app = { calls: createCalls({ late: () => {} }) };
  const caller = createCallerFactory(routes)({ app, principal: { name: "test", scopes: ["read"] } } as never);
  await expect(caller.wrong({ count: 1 })).rejects.toThrow();
  trustOutputs(routes);
  expect(await caller.wrong({ count: 1 })).toBe("text");
  await expect(caller.wrong({ count: "1" } as never)).rejects.toMatchObject({ code: "BAD_REQUEST" });
});
