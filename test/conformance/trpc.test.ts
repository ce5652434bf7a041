import type { AnyProcedure, AnyRouter } from "@trpc/server";
import { describe, expect, expectTypeOf } from "vitest";
import { appRouter } from "../../routers/index.ts";
import type { Meta } from "../../routers/trpc.ts";
import type { Session } from "../../src/schema/session.ts";
import { textOf } from "../helpers/app.ts";
import { testServer, trpcClient } from "../helpers/server.ts";
import { verifies } from "./verifies.ts";

const procedures = Object.entries((appRouter as AnyRouter)._def.procedures as Record<string, AnyProcedure>);

interface Answer {
  result?: { data: { json?: unknown } };
  error?: { json: { message: string; data: { name: string; httpStatus: number } } };
}

describe("tRPC over HTTP", () => {
  verifies("trpc: every procedure over HTTP", "answers every procedure, in one batch or alone", async () => {
    await using server = await testServer();
    const finite = procedures.filter(([, { _def }]) => _def.type !== "subscription" && !(_def.meta as Meta).rest?.endless);
    const sends = async (names: string[], type: string, input: unknown): Promise<Answer[]> => {
      const inputs = JSON.stringify(Object.fromEntries(names.map((_, at) => [at, { json: input }])));
      const url = `${server.url}/trpc/${names.join(",")}?batch=1${type === "query" ? `&input=${encodeURIComponent(inputs)}` : ""}`;
      const post = { method: "POST", body: inputs, headers: { "content-type": "application/json" } };
      return (await (await fetch(url, type === "query" ? {} : post)).json()) as Answer[];
    };
    const long = new Set(finite.filter(([, { _def }]) => (_def.meta as Meta).rest?.long).map(([name]) => name));
    // What takes an input is told that a number is none; what takes none is done.
    const taking = (type: string) => finite.filter(([name, { _def }]) => _def.type === type && _def.inputs.length > 0 && !long.has(name));
    const answers: [string, Answer][] = [];
    for (const type of ["query", "mutation"]) {
      const names = taking(type).map(([name]) => name);
      for (const [at, answer] of (await sends(names, type, 5)).entries()) answers.push([names[at] ?? "", answer]);
    }
    for (const name of long) answers.push([name, (await sends([name], "mutation", 5))[0] ?? {}]);
    for (const [name, { error }] of answers)
      expect([name, error?.json.data]).toMatchObject([name, { name: "BadRequest", httpStatus: 400 }]);
    const free = finite.filter(([, { _def }]) => _def.type === "query" && _def.inputs.length === 0).map(([name]) => name);
    for (const [at, { result }] of (await sends(free, "query", {})).entries()) expect(result, free[at]).toBeDefined();
    expect(answers.length + free.length).toBeGreaterThan(60);
  });
});

describe("the typed client", () => {
  verifies("trpc: typed client", "knows every procedure's input and output", async () => {
    await using server = await testServer();
    await using client = trpcClient(server.url);
    server.model.text("Hello.");
    const session = await client.trpc.session.create.mutate({ title: "Typed" });
    expectTypeOf(session).toEqualTypeOf<Session>();
    expectTypeOf(client.trpc.session.get.query).parameter(0).toEqualTypeOf<{ sessionID: string }>();
    const answer = await client.trpc.session.prompt.mutate({ sessionID: session.id, parts: [{ type: "text", text: "hi" }] });
    expect(textOf(answer)).toBe("Hello.");
    await expect(client.trpc.session.create.mutate({ title: 5 } as never)).rejects.toThrow("title");
  });
});
