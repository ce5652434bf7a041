import { gzipSync } from "node:zlib";
import type { Random } from "../chaos/random.ts";
import { listedProcedures } from "./procedures.ts";

export interface RawRequest {
  /** What is odd about it, to be read in a failure. */
  name: string;
  bytes: Buffer;
  isHead: boolean;
  /** The client gives up before it has sent everything. */
  hangUp: boolean;
  /** Where the answer is certain: its status, and what its message speaks of. */
  refused?: { status: number[]; says: RegExp };
}

interface Draft {
  name: string;
  method: string;
  target: string;
  version: string;
  headers: [string, string][];
  body: Buffer;
  hangUp: boolean;
  refused?: RawRequest["refused"];
}

const endless = new Set(listedProcedures.filter(({ meta }) => meta.rest?.endless).map(({ name }) => name));
const known = listedProcedures.filter(({ name }) => !endless.has(name));
const addresses = known.flatMap((procedure) => procedure.addresses);
const pages = ["/doc", "/event", "/global/event", "/global/health", "/share/x", "/trpc", "/web", "/metrics", "/", "/nothing"];
const values = [
  "",
  "x",
  "*",
  "0",
  "-1",
  "9".repeat(400),
  "\u0001",
  "é",
  "%00",
  "a,b,,",
  '"',
  "null",
  "a".repeat(2_000),
  "../../etc",
  "{}",
  "[]",
];
const deep = (levels: number) => '{"a":['.repeat(levels) + "]}".repeat(levels);
const bodies = [
  deep(4_000),
  "",
  "{}",
  "[]",
  "null",
  '{"__proto__":{"a":1}}',
  '{"a":',
  "\u0000",
  '{"title":"x"}',
  "[".repeat(5_000),
  '{"a":1}{"b":2}',
  "\ud800",
];

/** A request that no ordinary client sends, on the way to somewhere real. */
export function rawRequest(random: Random, host: string): RawRequest {
  const draft = { ...ordinary(random, host) };
  const times = 1 + random.below(2);
  const names: string[] = [];
  for (let count = 0; count < times; count += 1) {
    const [name, mutate] = random.pick(mutations);
    mutate(draft, random);
    names.push(name);
  }
  // Two oddities may hide each other: only of one is the answer certain.
  return finish({ ...draft, name: names.join(" + "), refused: times === 1 ? draft.refused : undefined });
}

function ordinary(random: Random, host: string): Draft {
  const { method, path } = random.below(4) === 0 ? { method: "GET", path: random.pick(pages) } : random.pick(addresses);
  const body = Buffer.from(method === "GET" || method === "HEAD" ? "" : random.pick(["{}", '{"title":"x"}']));
  const headers: [string, string][] = [
    ["Host", host],
    ["Connection", "close"],
    ["Content-Type", "application/json"],
  ];
  if (body.length > 0) headers.push(["Content-Length", String(body.length)]);
  return { name: "", method, target: path, version: "HTTP/1.1", headers, body, hangUp: false };
}

function finish({ method, target, version, headers, body, ...rest }: Draft): RawRequest {
  const head = `${method} ${target} ${version}\r\n${headers.map(([name, value]) => `${name}: ${value}\r\n`).join("")}\r\n`;
  // Headers are bytes: what has no place in Latin-1 goes as UTF-8.
  return { ...rest, bytes: Buffer.concat([Buffer.from(head, "utf8"), body]), isHead: method === "HEAD" };
}

type Mutation = [name: string, (draft: Draft, random: Random) => void];

const set = (draft: Draft, name: string, value: string) => {
  draft.headers = [...draft.headers.filter(([known]) => known.toLowerCase() !== name.toLowerCase()), [name, value]];
};
const add = (draft: Draft, name: string, value: string) => void draft.headers.push([name, value]);
const withBody = (draft: Draft, body: Buffer) => {
  draft.body = body;
  set(draft, "Content-Length", String(body.length));
};
const certain = (draft: Draft, status: number | number[], says: RegExp) => {
  draft.refused = { status: [status].flat(), says };
};
/** A call that reads its body, whatever else is odd about it. */
function toBody(draft: Draft): void {
  Object.assign(draft, { method: "POST", target: "/session" });
  withBody(draft, Buffer.from("{}"));
}

const encodings: Mutation[] = [
  [
    "content-encoding that lies",
    (draft, random) => {
      toBody(draft);
      withBody(draft, random.below(2) === 0 ? Buffer.from("{}") : gzipSync("{}"));
      set(draft, "Content-Encoding", random.pick(["gzip", "br", "deflate", "gzip, gzip", "zstd", "x"]));
      certain(draft, 400, /encoded as/);
    },
  ],
  [
    "body that is no UTF-8",
    (draft) => {
      toBody(draft);
      withBody(draft, Buffer.from([0x7b, 0x22, 0xc3, 0x28, 0x22, 0x7d]));
      certain(draft, 400, /UTF-8/);
    },
  ],
  [
    "body that is no JSON",
    (draft, random) => {
      toBody(draft);
      withBody(draft, Buffer.from(random.pick(["{", "[1,]", "{'a':1}", "nul", '{"a":1}{"b":2}', "[".repeat(5_000), deep(4_000)])));
      certain(draft, 400, /line \d+, column \d+/);
    },
  ],
  ["odd body", (draft, random) => withBody(draft, Buffer.from(random.pick(bodies)))],
  [
    "odd content type",
    (draft, random) =>
      set(
        draft,
        "Content-Type",
        random.pick([
          "",
          "text/plain",
          "application/json; charset=utf-7",
          "multipart/form-data; boundary=",
          "x/y;;=",
          'application/JSON;charset="',
          ...values,
        ]),
      ),
  ],
  [
    "odd accept",
    (draft, random) =>
      set(draft, "Accept", random.pick(["", "*/*;q=2", "text/html", "text/event-stream", "application/xml;q=0", ",,,", ...values])),
  ],
  [
    "odd accept-encoding",
    (draft, random) => set(draft, "Accept-Encoding", random.pick(["gzip;q=9", "br", "identity;q=0", "*;q=0", "gzip, gzip", ...values])),
  ],
];

const lengths: Mutation[] = [
  [
    "length and chunks at once",
    (draft) => {
      toBody(draft);
      add(draft, "Transfer-Encoding", "chunked");
      certain(draft, 400, /HTTP\/1\.1/);
    },
  ],
  [
    "two lengths",
    (draft) => {
      add(draft, "Content-Length", "5");
      add(draft, "Content-Length", "6");
      certain(draft, 400, /HTTP\/1\.1/);
    },
  ],
  [
    "odd length",
    (draft, random) => {
      set(draft, "Content-Length", random.pick(["-1", "1e3", "0x2", "99999999999999999999999", "two"]));
      certain(draft, 400, /HTTP\/1\.1/);
    },
  ],
  [
    "length beyond the limit",
    (draft) => {
      toBody(draft);
      set(draft, "Content-Length", "1099511627776");
      certain(draft, 413, /larger than/);
    },
  ],
  [
    "length beyond the body",
    (draft) => {
      toBody(draft);
      set(draft, "Content-Length", "100");
      draft.hangUp = true;
    },
  ],
  [
    "odd transfer encoding",
    (draft, random) => {
      draft.headers = draft.headers.filter(([name]) => name !== "Content-Length");
      set(draft, "Transfer-Encoding", random.pick(["gzip", "chunked, gzip", "x", "chunked;x", "identity"]));
      draft.hangUp = true;
    },
  ],
  [
    "broken chunks",
    (draft, random) => {
      toBody(draft);
      draft.headers = draft.headers.filter(([name]) => name !== "Content-Length");
      set(draft, "Transfer-Encoding", "chunked");
      draft.body = Buffer.from(
        random.pick(["zz\r\n{}\r\n0\r\n\r\n", "2\r\n{}", "ffffffffffffffff\r\n", "2;x=y\r\n{}\r\n0\r\nTrailer: x\r\n\r\n", "-2\r\n{}\r\n"]),
      );
      draft.hangUp = true;
    },
  ],
];

const firstLines: Mutation[] = [
  [
    "odd method",
    (draft, random) => {
      draft.method = random.pick([
        "get",
        "G E T",
        "PROPFIND",
        "TRACE",
        "CONNECT",
        "PURGE",
        "M-SEARCH",
        "",
        "\u0000",
        "QUERY",
        "A".repeat(300),
      ]);
    },
  ],
  [
    "HEAD or OPTIONS",
    (draft, random) => {
      draft.method = random.pick(["HEAD", "OPTIONS"]);
      draft.headers = draft.headers.filter(([name]) => name !== "Content-Length");
      draft.body = Buffer.alloc(0);
    },
  ],
  [
    "odd version",
    (draft, random) => {
      draft.version = random.pick(["HTTP/1.0", "HTTP/2.0", "HTTP/0.9", "HTTP/1.9", "http/1.1", "HTTP/11", ""]);
    },
  ],
  [
    "absolute or authority target",
    (draft, random) => {
      draft.target = random.pick(["http://evil.example/session", "*", "evil.example:80", "session", "?x=1", "\\session", "http:/session"]);
      if (draft.method !== "OPTIONS") certain(draft, 400, /target|HTTP\/1\.1/);
    },
  ],
  [
    "odd escapes",
    (draft, random) => {
      draft.target += random.pick([
        "%",
        "%zz",
        "%c0%af",
        "%00",
        "%ff%fe",
        "/%2e%2e/%2e%2e/etc/passwd",
        "//",
        "/./..",
        ";a=b",
        "%252e",
        "/%e2%82",
        "\u00e9",
        "#x",
        "/".repeat(300),
      ]);
    },
  ],
  [
    "long target",
    (draft) => {
      draft.target = `/session/${"a".repeat(17_000)}`;
      certain(draft, 414, /longer than/);
    },
  ],
  [
    "query bomb",
    (draft, random) => {
      draft.target += `?${Array.from({ length: 1_500 }, (_, index) =>
        random.pick([`a=${index}`, `a[${index}]`, "directory=x", `__proto__[x]=1`]),
      )
        .join("&")
        .slice(0, 12_000)}`;
    },
  ],
  [
    "odd query",
    (draft, random) => {
      const name = random.pick([
        "directory",
        "limit",
        "after",
        "start",
        "roots",
        "input",
        "batch",
        "ticket",
        "auth_token",
        "x",
        "__proto__",
      ]);
      draft.target += `?${name}=${encodeURIComponent(random.pick(values).toWellFormed())}${random.pick(["", "&", "&&=", `&${name}=2`, "&%"])}`;
    },
  ],
  ["trpc", (draft, random) => trpc(draft, random)],
];

/** Calls, batches and inputs of tRPC over HTTP, right and wrong. */
function trpc(draft: Draft, random: Random): void {
  const names = Array.from({ length: 1 + random.below(4) }, () =>
    random.pick([random.pick(known).name, random.pick(known).name, "__proto__", "constructor", "a.b.c", "", "session", "%00", "toString"]),
  );
  const input = random.pick([
    '{"json":{}}',
    '{"0":{"json":{}}}',
    '{"json":{},"meta":{"values":{"__proto__.x":["undefined"]}}}',
    "{",
    "5",
    "[]",
    '{"json":null}',
    '{"0":5,"1":{"json":{"id":"x"}}}',
    '{"__proto__":{}}',
    `{"json":${deep(4_000)}}`,
    `{"0":{"json":{"a":1},"meta":${deep(2_000)}}}`,
  ]);
  const batch = random.pick(["", "?batch=1", "?batch=2", "?batch"]);
  draft.method = random.pick(["GET", "POST", "POST", "PUT", "HEAD"]);
  draft.target = `/trpc/${names.join(random.pick([",", "%2C", ",,"]))}${batch}`;
  draft.headers = draft.headers.filter(([name]) => name !== "Content-Length");
  draft.body = Buffer.alloc(0);
  if (draft.method === "POST" || draft.method === "PUT") withBody(draft, Buffer.from(input));
  else draft.target += `${batch === "" ? "?" : "&"}input=${encodeURIComponent(input)}`;
}

const headers: Mutation[] = [
  [
    "foreign host",
    (draft, random) => {
      set(
        draft,
        "Host",
        random.pick(["evil.example", "evil.example:4096", "127.0.0.1.evil.example", "", "[::", "localhost@evil.example", "a b"]),
      );
      certain(draft, [400, 403], /go by|HTTP\/1\.1/);
    },
  ],
  [
    "two hosts",
    (draft) => {
      add(draft, "Host", "evil.example");
    },
  ],
  [
    "no host",
    (draft) => {
      draft.headers = draft.headers.filter(([name]) => name !== "Host");
      certain(draft, [400, 403], /go by|HTTP\/1\.1|Host/);
    },
  ],
  [
    "foreign origin",
    (draft, random) => {
      set(
        draft,
        "Origin",
        random.pick(["https://evil.example", "null", "http://localhost.evil.example", "file://", "http://127.0.0.1@evil.example", "x"]),
      );
      certain(draft, 403, /may not use/);
    },
  ],
  [
    "odd expectation",
    (draft, random) => {
      set(draft, "Expect", random.pick(["200-ok", "x", "100-continued"]));
      certain(draft, 400, /Expect/);
    },
  ],
  ["continue", (draft) => set(draft, "Expect", "100-continue")],
  [
    "headers beyond the limit",
    (draft) => {
      for (let index = 0; index < 30; index += 1) add(draft, `X-Fill-${index}`, "a".repeat(2_000));
      certain(draft, 431, /larger than/);
    },
  ],
  [
    "many headers",
    (draft) => {
      for (let index = 0; index < 1_900; index += 1) add(draft, "a", "");
    },
  ],
  [
    "broken header",
    (draft, random) => {
      draft.headers.push(
        random.pick<[string, string]>([
          ["X Y", "1"],
          ["X", "a\r\n b"],
          ["X", "a\u0000b"],
          ["", "x"],
          ["X-é", "1"],
          ["X", "a\nY: b"],
        ]),
      );
    },
  ],
  [
    "range and conditions",
    (draft, random) => {
      set(draft, "Range", random.pick(["bytes=0-", "bytes=-5", "bytes=5-1", "bytes=0-0,2-3", "lines=1-2", "bytes=99999999999999999999-"]));
      set(draft, random.pick(["If-None-Match", "If-Match", "If-Range"]), random.pick(['"x"', "*", 'W/"', "", ...values]));
      set(
        draft,
        random.pick(["If-Modified-Since", "If-Unmodified-Since"]),
        random.pick(["Thu, 01 Jan 1970 00:00:00 GMT", "yesterday", "-1"]),
      );
    },
  ],
  [
    "cookies",
    (draft, random) => set(draft, "Cookie", random.pick(["a=b; a=c", "=;=;", `x=${"y".repeat(4_000)}`, "__proto__=1", ...values])),
  ],
  [
    "odd login",
    (draft, random) =>
      set(
        draft,
        "Authorization",
        random.pick([
          "Basic",
          "Basic !!!",
          "Bearer",
          "Bearer cpt_unknown",
          "Basic OjpAOg==",
          "Digest x=y",
          `Bearer ${"a".repeat(4_000)}`,
          ...values,
        ]),
      ),
  ],
  [
    "odd directory",
    (draft, random) =>
      set(draft, random.pick(["x-opencode-directory", "x-opencode-workspace"]), random.pick(["/etc", "..", "%2e%2e", "%", ...values])),
  ],
  ["odd key", (draft, random) => set(draft, "Idempotency-Key", random.pick(["", "a", "a".repeat(5_000), "é", "a b", ...values]))],
  ["odd cursor", (draft, random) => set(draft, "Last-Event-ID", random.pick(values))],
  [
    "odd upgrade",
    (draft, random) => {
      set(draft, "Connection", random.pick(["Upgrade", "upgrade, close", "keep-alive, Upgrade"]));
      set(draft, "Upgrade", random.pick(["websocket", "h2c", "x", "websocket, x", "WebSocket/13"]));
      if (random.below(2) === 0) set(draft, "Sec-WebSocket-Key", random.pick(["dGhlIHNhbXBsZSBub25jZQ==", "x", ""]));
      if (random.below(2) === 0) set(draft, "Sec-WebSocket-Version", random.pick(["13", "8", "x", "99999999999"]));
      if (random.below(2) === 0) draft.target = random.pick(["/ws", "/trpc", "/trpc?connectionParams=1", "/ws?x=%"]);
      draft.hangUp = true;
    },
  ],
  [
    "forwarded",
    (draft, random) => {
      set(
        draft,
        random.pick(["X-Forwarded-Host", "Forwarded", "X-Forwarded-For", "X-HTTP-Method-Override"]),
        random.pick(["evil.example", "for=x", "DELETE", ...values]),
      );
    },
  ],
];

const mutations: Mutation[] = [...encodings, ...lengths, ...firstLines, ...headers];
