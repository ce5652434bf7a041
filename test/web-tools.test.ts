import { createOpencodeClient } from "@opencode-ai/sdk/v2/client";
import { describe, expect, test } from "vitest";
import { appRouter } from "../routers/index.ts";
import { listProcedures } from "../src/server/procedures.ts";
import { sdkMethods } from "../web/src/screens/api/sdk-methods.ts";
import { toCsv } from "../web/src/ui/csv.ts";
import { curlEvents, curlSnippet } from "../web/src/ui/curl.ts";
import { draftOf, emptyDraft, readDraft } from "../web/src/ui/form-draft.ts";
import { fieldOf, type JsonSchema } from "../web/src/ui/form-fields.ts";
import { literal } from "../web/src/ui/literal.ts";
import { eventsSnippet, snippetsOf } from "../web/src/ui/snippets.ts";
import { treeRows, valueAt } from "../web/src/ui/tree.ts";
import { sdkMethods as methodsOfSdk } from "./helpers/sdk-methods.ts";

const evil = `it's "quoted" \`\${1}\` $HOME \\ \u2028\nline`;

describe("CSV", () => {
  test("quotes what would break a line, and keeps a formula from being one", () => {
    const csv = toCsv(
      ["name", "cost"],
      [
        ['say "hi", twice', 0.5],
        ["=SUM(A1)", -2],
        [undefined, 0],
      ],
    );
    expect(csv).toBe('name,cost\r\n"say ""hi"", twice",0.5\r\n\'=SUM(A1),-2\r\n,0\r\n');
  });
});

describe("a value as code", () => {
  test("reads back as it was, whatever its names and texts hold", () => {
    const value = {
      plain: 1,
      "two words": [evil, null, true, {}],
      list: Array.from({ length: 60 }, (_, at) => at),
      nested: { "1a": evil },
    };
    expect(new Function(`return ${literal(value)}`)()).toEqual(value);
    const hostile: unknown = JSON.parse('{"__proto__": {"admin": true}}');
    expect(Object.keys(new Function(`return ${literal(hostile)}`)())).toEqual(["__proto__"]);
  });
});

/** Runs a snippet's code with what it imports. */
async function run(code: string, names: Record<string, unknown>): Promise<void> {
  const body = code.replaceAll(/^import .*$/gm, "");
  await new Function(...Object.keys(names), `return (async () => { ${body} })()`)(...Object.values(names));
}

describe("snippets", () => {
  test("make the call they stand for, by tRPC and by the SDK", async () => {
    const requests: { method: string; url: string; body: string; directory: string | null; authorization: string | null }[] = [];
    const record = async (input: Request | string | URL, init?: RequestInit): Promise<Response> => {
      const request = new Request(input, init);
      const { headers } = request;
      const sent = { directory: headers.get("x-opencode-directory"), authorization: headers.get("authorization") };
      requests.push({ method: request.method, url: request.url, body: await request.text(), ...sent });
      return Response.json([{ result: { data: { json: {} } } }]);
    };
    const call = {
      path: "session.update",
      type: "mutation" as const,
      rest: "PATCH /session/{sessionID}",
      sdk: "session.update",
      input: { sessionID: "ses_1", title: evil },
    };
    const [trpc, sdk] = snippetsOf(call, { url: "http://127.0.0.1:4096/code", directory: "/it's", secret: "password" });
    const console = { log: () => {} };
    const process = { env: { CODEPORT_PASSWORD: "p" } };
    await run(sdk?.code ?? "", {
      console,
      process,
      createOpencodeClient: (options: object) => createOpencodeClient({ ...options, fetch: record }),
    });
    expect(requests[0]).toMatchObject({
      method: "PATCH",
      directory: encodeURIComponent("/it's"),
      authorization: `Basic ${btoa("opencode:p")}`,
    });
    expect(requests[0]?.url).toMatch(/^http:\/\/127\.0\.0\.1:4096\/code\/session\/ses_1/);
    expect(JSON.parse(requests[0]?.body ?? "")).toEqual({ title: evil });
    const options: unknown[] = [];
    const inputs: unknown[] = [];
    const client = { api: { session: { update: { mutate: (input: unknown) => inputs.push(input) } } } };
    const connect = (given: unknown) => {
      options.push(given);
      return client;
    };
    await run(trpc?.code ?? "", { console, process, createClient: connect });
    expect(options).toEqual([{ url: "http://127.0.0.1:4096/code", directory: "/it's", password: "p" }]);
    expect(inputs).toEqual([call.input]);
  });

  test("of curl take a path, a query and a body as the address wants them, and quote them for a shell", () => {
    const place = { url: "http://h" };
    const base = { path: "a.b", type: "query" as const };
    expect(curlSnippet({ ...base, rest: "GET /find/{name}", input: { name: "a/b c", limit: 3, tags: ["x", "y"] } }, place)).toBe(
      "curl 'http://h/find/a%2Fb%20c?limit=3&tags=x&tags=y'\n",
    );
    const put = { path: "auth.set", type: "mutation" as const, rest: "PUT /auth/{providerID}", payload: "auth" };
    expect(curlSnippet({ ...put, input: { providerID: "x", auth: { key: "it's" } } }, { ...place, secret: "password" })).toBe(
      `curl -X PUT 'http://h/auth/x' \\\n  -u "opencode:$CODEPORT_PASSWORD" \\\n  -H 'content-type: application/json' \\\n  --data-raw '{"key":"it'\\''s"}'\n`,
    );
    // No query can say it, and no path lacks its field.
    const nested = curlSnippet({ ...base, rest: "GET /x", input: { deep: { a: 1 } } }, place);
    expect(nested).toBe(`curl 'http://h/trpc/a.b?input=${encodeURIComponent('{"json":{"deep":{"a":1}}}')}'\n`);
    expect(curlSnippet({ ...base, rest: "GET /x/{id}", input: {} }, place)).toContain("/trpc/a.b");
  });

  test("name the method that OpenCode's SDK has for an address", async () => {
    const theirs = await methodsOfSdk();
    const addresses = listProcedures(appRouter).flatMap(({ rest = "" }) => (theirs.has(rest) ? [rest] : []));
    expect(sdkMethods).toEqual(Object.fromEntries(addresses.map((address) => [address, theirs.get(address)])));
  });

  test("of events go on after a position, in one directory or in all", () => {
    const place = { url: "http://h", directory: "/work" };
    const all = curlEvents({ after: 7, directory: "all" }, { url: "http://h", secret: "token" });
    expect(all).toContain("curl -N 'http://h/global/event?after=7'");
    expect(all).toContain('-H "authorization: Bearer $CODEPORT_TOKEN"');
    expect(curlEvents({ after: 7 }, place)).toContain("'http://h/event?after=7'");
    expect(eventsSnippet({ after: 7, directory: "all" }, place)).toContain('client.events({ after: 7, directory: "all" })');
  });
});

describe("the form of an input", () => {
  const procedures = new Map(listProcedures(appRouter).map((procedure) => [procedure.path, procedure]));
  const formOf = (path: string) => fieldOf((procedures.get(path)?.input ?? {}) as JsonSchema);

  test("has room for every procedure's input, and an empty one reads", () => {
    for (const { path, input } of procedures.values()) {
      if (input === undefined) continue;
      const field = formOf(path);
      expect(
        readDraft(field, emptyDraft(field)).problems.every(({ message }) => message !== ""),
        path,
      ).toBe(true);
    }
  });

  test.each([
    [
      "session.prompt",
      { sessionID: "ses_1", parts: [{ type: "text", text: "hi" }], model: { providerID: "a", modelID: "b" }, noReply: true },
    ],
    ["session.prompt", { sessionID: "ses_1", model: "a/b", parts: [{ type: "file", mime: "text/plain", url: "file:///x" }] }],
    ["session.list", { roots: true, limit: 3 }],
    ["tui.publish", { event: { type: "tui.toast.show", properties: { message: "m", variant: "info" } } }],
    ["question.reply", { requestID: "que_1", answers: [["a", "b"], []] }],
    ["event.subscribe", { after: 0, directory: "all" }],
  ])("of %s reads as the value that was put in", (path, value) => {
    const field = formOf(path);
    expect(readDraft(field, draftOf(field, value))).toEqual({ value, problems: [] });
  });

  test("says what is missing and what does not fit, and where", () => {
    const field = formOf("session.prompt");
    const draft = draftOf(field, { sessionID: "nope", parts: [{ type: "text", text: "" }] });
    expect(readDraft(field, draft).problems).toEqual([{ path: ["sessionID"], message: "does not fit ^ses" }]);
    const empty = readDraft(formOf("permission.reply"), emptyDraft(formOf("permission.reply")));
    expect(empty.problems).toEqual([
      { path: ["requestID"], message: "is needed" },
      { path: ["reply"], message: "is needed" },
    ]);
    const any = fieldOf({ type: "object", properties: { body: {}, size: { type: "integer" } } });
    expect(readDraft(any, { fields: { body: "{", size: "1.5" } }).problems.map(({ path }) => path)).toEqual([["body"], ["size"]]);
  });

  test("asks for what holds itself as JSON", () => {
    const node: JsonSchema = { type: "object", properties: { next: { $ref: "#/$defs/Node" } } };
    const field = fieldOf({ $ref: "#/$defs/Node", $defs: { Node: node } });
    expect(field).toMatchObject({ kind: "group", fields: [{ name: "next", kind: "json" }] });
  });
});

describe("a value as a tree", () => {
  test("opens what is near the root, and each row leads to its value", () => {
    const value = { "a/b": { "~": [{ deep: 1 }] }, text: evil };
    const rows = treeRows(value, new Set());
    expect(rows.map(({ path }) => path)).toEqual(["", "/a~1b", "/a~1b/~0", "/text"]);
    const toggled = treeRows(value, new Set(["/a~1b/~0", "/a~1b/~0/0"]));
    expect(toggled.map(({ path }) => path)).toContain("/a~1b/~0/0/deep");
    for (const { path, kind, text } of toggled)
      if (kind === "number" || kind === "string") expect(JSON.parse(text)).toBe(valueAt(value, path));
    expect(treeRows(value, new Set([""]))).toHaveLength(1);
    expect(treeRows(Array.from({ length: 5_000 }), new Set())).toHaveLength(1);
  });
});
