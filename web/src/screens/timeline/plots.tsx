import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import type { TimelineTurn } from "../../../../src/client/client.ts";
import { useApi } from "../../app/client.ts";
import { money, tokens } from "../../ui/amount.tsx";
import { clockOffset, shortDay } from "../../ui/days.ts";
import { Plot } from "../../ui/plot.tsx";
import { costSeries, tokenSeries } from "../../ui/spent-series.ts";

/** Tokens and cost of a session: by step of the turns that are loaded, and by day. */
export function Plots({ sessionID, turns }: { sessionID: string; turns: TimelineTurn[] }) {
  const steps = useMemo(
    () => turns.flatMap((turn, at) => turn.steps.map((step, index) => ({ ...step, name: `${at + 1}.${index + 1}` }))),
    [turns],
  );
  const byStep = useMemo(
    () => ({
      places: steps.map(({ name }) => name),
      tokens: tokenSeries(steps.map((step) => step.tokens)),
      cost: costSeries(steps.map(({ cost }) => cost)),
    }),
    [steps],
  );
  const { data } = useQuery(useApi().usage.report.queryOptions({ by: ["day"], sessionID, offset: clockOffset() }));
  const byDay = useMemo(() => {
    const days = data?.items.toReversed() ?? [];
    return {
      places: days.map(({ day = "" }) => day),
      tokens: tokenSeries(days.map((day) => day.tokens)),
      cost: costSeries(days.map(({ cost }) => cost)),
    };
  }, [data]);
  return (
    <div className="grid gap-6 overflow-auto p-4 xl:grid-cols-2">
      <Plot label="Tokens by step" places={byStep.places} series={byStep.tokens} format={tokens} />
      <Plot label="Cost by step" places={byStep.places} series={byStep.cost} format={money} />
      {byDay.places.length > 0 && (
        <Plot label="Tokens by day" places={byDay.places} series={byDay.tokens} format={tokens} short={shortDay} />
      )}
      {byDay.places.length > 0 && <Plot label="Cost by day" places={byDay.places} series={byDay.cost} format={money} short={shortDay} />}
    </div>
  );
}
