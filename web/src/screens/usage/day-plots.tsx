import { useMemo } from "react";
import type { UsageReport } from "../../../../src/client/client.ts";
import { Money, money, Tokens, tokens } from "../../ui/amount.tsx";
import { shortDay } from "../../ui/days.ts";
import { Plot } from "../../ui/plot.tsx";
import { costSeries, tokenSeries } from "../../ui/spent-series.ts";
import { byDay } from "./report.ts";

/** Tokens and cost of each day. */
export function DayPlots({ report, days }: { report: UsageReport; days: readonly string[] }) {
  const { total } = report;
  const rows = useMemo(() => byDay(report.items, days), [report, days]);
  const series = useMemo(
    () => ({ tokens: tokenSeries(rows.map((row) => row.tokens)), cost: costSeries(rows.map(({ cost }) => cost)) }),
    [rows],
  );
  return (
    <>
      <dl className="flex flex-wrap gap-x-8 gap-y-2">
        <Figure name="Calls">{total.calls}</Figure>
        <Figure name="Tokens">
          <Tokens count={total.tokens.total} />
        </Figure>
        <Figure name="Cost">
          <Money dollars={total.cost} />
        </Figure>
      </dl>
      <div className="grid gap-6 xl:grid-cols-2">
        <Plot label="Tokens by day" places={days} series={series.tokens} format={tokens} short={shortDay} />
        <Plot label="Cost by day" places={days} series={series.cost} format={money} short={shortDay} />
      </div>
    </>
  );
}

function Figure({ name, children }: { name: string; children: React.ReactNode }) {
  return (
    <div className="flex flex-col">
      <dt className="text-muted">{name}</dt>
      <dd className="font-semibold text-xl">{children}</dd>
    </div>
  );
}
