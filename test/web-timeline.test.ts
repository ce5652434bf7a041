import { describe, expect, test } from "vitest";
import type { Event, TimelineTurn } from "../src/client/client.ts";
import { added, entryOf, filterOf, kept } from "../web/src/screens/events/record.ts";
import { timelineCsv } from "../web/src/screens/timeline/export.ts";
import { linesOf } from "../web/src/screens/timeline/lines.ts";
import { waterfallOf } from "../web/src/screens/timeline/waterfall.ts";
import { byDay, nameOf, usageCsv } from "../web/src/screens/usage/report.ts";
import { lastDays, startOfDay } from "../web/src/ui/days.ts";

const tokens = { input: 10, output: 5, reasoning: 0, cache: { read: 3, write: 0 } };

const turn: TimelineTurn = {
  messageID: "msg_1",
  state: "completed",
  queued: 1_000,
  start: 2_000,
  end: 11_000,
  tokens,
  cost: 0.5,
  steps: [
    {
      ...{ messageID: "msg_2", agent: "build", providerID: "p", modelID: "m", summary: false, tokens, cost: 0.5 },
      ...{ start: 2_000, firstToken: 3_000, streamEnd: 5_000, end: 11_000, finish: "tool-calls" },
      retries: [{ at: 2_100, attempt: 1, message: "busy", next: 2_600 }],
      tools: [
        {
          ...{
            partID: "prt_1",
            callID: "c",
            tool: "bash",
            title: "Say, it",
            state: "completed",
            requested: 4_500,
            start: 5_000,
            end: 11_000,
          },
          waits: [{ kind: "permission", requestID: "per_1", name: "bash", start: 5_000, end: 9_000, answer: "once" }],
        },
        { partID: "prt_2", callID: "d", tool: "read", state: "error", waits: [] },
      ],
      waits: [{ kind: "question", requestID: "que_1", start: 9_500 }],
    },
  ],
};

describe("the waterfall of a turn", () => {
  test("a call that was not allowed has not failed", () => {
    const [step] = turn.steps;
    const tool = { ...{ partID: "prt_1", callID: "c", tool: "bash" }, state: "error" as const, waits: [] };
    const tools = [tool, { ...tool, denied: true as const }];
    const lines = linesOf({ ...turn, steps: step === undefined ? [] : [{ ...step, tools }] }).filter(({ label }) => label === "bash");
    expect(lines.map(({ fault, isDenied }) => [fault, isDenied])).toEqual([
      ["It failed.", undefined],
      [undefined, true],
    ]);
  });

  test("has a line for the queue, each step, tool and wait, with what its time went into", () => {
    const lines = linesOf(turn);
    expect(lines.map(({ label, depth, stretches }) => [label, depth, stretches.map(({ spent }) => spent).join(" ")])).toEqual([
      ["Queue", 0, "queue"],
      ["Step 1", 0, "first stream rest retry"],
      ["bash", 1, "write tool permission"],
      ["read", 1, "write"],
      ["Question", 1, "question"],
    ]);
    expect(lines[2]?.stretches.at(-1)?.note).toBe("bash, answered: once");
  });

  test("puts every stretch on one scale, and lets what nobody answered end with the turn", () => {
    const { lines, ticks, milliseconds } = waterfallOf(linesOf(turn), turn.end ?? 0);
    expect(milliseconds).toBe(10_000);
    expect(lines[0]?.bars[0]).toMatchObject({ left: 0, width: 0.1, milliseconds: 1_000 });
    expect(lines[2]?.bars[2]).toMatchObject({ left: 0.4, width: 0.4 });
    expect(lines[4]?.bars[0]).toMatchObject({ left: 0.85, width: 0.15 });
    expect(ticks.map(({ milliseconds }) => milliseconds)).toEqual([0, 2_000, 4_000, 6_000, 8_000, 10_000]);
    expect(waterfallOf([], 0)).toEqual({ lines: [], ticks: [], milliseconds: 0 });
    for (const whole of [1, 7, 950, 61_000, 3_600_000, 90_000_000_000]) {
      const long = waterfallOf([{ id: "a", label: "a", depth: 0, stretches: [{ spent: "tool", start: 0, end: whole }] }], 0);
      expect(long.ticks.length).toBeLessThanOrEqual(6);
    }
  });

  test("is a table for a spreadsheet", () => {
    const [head = "", ...rows] = timelineCsv([turn]).trim().split("\r\n");
    expect(head.split(",").slice(0, 6)).toEqual(["turn", "step", "kind", "name", "detail", "state"]);
    expect(rows.map((row) => row.split(",")[2])).toEqual(["turn", "step", "tool", "permission", "tool", "question"]);
    expect(rows[2]).toContain('msg_1,1,tool,bash,"Say, it",completed,1970-01-01T00:00:05.000Z,1970-01-01T00:00:11.000Z,6000');
    expect(rows[0]).toContain(",10,5,0,3,0,0.5,");
  });
});

describe("recorded events", () => {
  const make = (type: string, properties: object, number = 1) =>
    entryOf({ position: number, event: { type, properties } as Event }, { number });
  const entries = [
    make("session.updated", { sessionID: "ses_1", info: { id: "ses_1", title: "Marmalade" } }),
    make("message.part.delta", { sessionID: "ses_1", delta: "x" }),
    make("message.part.updated", { part: { sessionID: "ses_2" } }),
    make("sessionless", {}),
  ];
  const passing = (filter: Parameters<typeof filterOf>[0]) => entries.filter(filterOf(filter)).map(({ event }) => event.type);

  test("are found by type, session and payload", () => {
    expect(passing({})).toHaveLength(4);
    expect(passing({ type: "session" })).toEqual(["session.updated"]);
    expect(passing({ type: "message.*" })).toEqual(["message.part.delta", "message.part.updated"]);
    expect(passing({ type: "-message.part.delta -session" })).toEqual(["message.part.updated", "sessionless"]);
    expect(passing({ type: "*.updated" })).toEqual(["session.updated", "message.part.updated"]);
    expect(passing({ session: "ses_2" })).toEqual(["message.part.updated"]);
    expect(passing({ q: "marmaLADE" })).toEqual(["session.updated"]);
    expect(passing({ type: "( [ -" })).toEqual([]);
  });

  test("are the newest of many", () => {
    const many = Array.from({ length: kept + 10 }, (_, at) => make("x", {}, at));
    const all = added(many.slice(0, 20), many.slice(20));
    expect(all).toHaveLength(kept);
    expect(all.at(-1)?.number).toBe(kept + 9);
  });
});

describe("usage", () => {
  const row = { calls: 2, cost: 0.25, tokens: { ...tokens, total: 18 } };

  test("has a row for each day, in this clock's days", () => {
    const days = lastDays(3, new Date(2026, 2, 1, 12).getTime());
    expect(days).toEqual(["2026-02-27", "2026-02-28", "2026-03-01"]);
    expect(startOfDay("2026-02-27")).toBe(new Date(2026, 1, 27).getTime());
    expect(byDay([{ ...row, day: "2026-02-28" }], days).map(({ calls }) => calls)).toEqual([0, 2, 0]);
  });

  test("is told by name, and as a table", () => {
    expect(nameOf({ ...row, projectID: "a" }, "project", new Map([["a", "Mine"]]))).toBe("Mine");
    expect(nameOf({ ...row, sessionID: "ses_1" }, "session", new Map())).toBe("ses_1 (deleted)");
    const csv = usageCsv({ items: [{ ...row, day: "2026-02-28", providerID: "p", modelID: "m" }], total: row, more: false });
    expect(csv.split("\r\n")[1]).toBe("2026-02-28,,p,m,,,2,18,10,5,0,3,0,0.25");
  });
});
