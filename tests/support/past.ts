import { BacktestRequest } from "@/lib/alerts/rules-schema";
import { pool } from "@/lib/db/client";
import { instant } from "./alerting";

/** The same every time, and nothing to do with the clock. */
export function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) + 0x9e3779b9;
    return ((state >>> 8) & 0xffff) / 0x10000;
  };
}

/** A rule to be judged again over so many minutes from a minute before the tests' start. */
export const askedOver = (minutes: number, rule: object) =>
  BacktestRequest.parse({
    name: "Past",
    ...{ from: instant(-60).toISOString(), to: instant(minutes * 60).toISOString() },
    ...rule,
  });

/** Rules are offset by their id; the backtest of one that is not saved is not. */
export const alignRules = () =>
  pool().query("update alert_rule set offset_ms = 0, due_at = date_trunc('minute', due_at)");

type Found = {
  opened_at: Date | string;
  closed_at: Date | string | null;
  labels: object;
  peak: number | null;
};

const short = (at: Date | string | null) => at && new Date(at).toISOString();

/** Episodes as live evaluation and a backtest both tell them, in one order; peaks without what rounding does. */
export const comparable = (episodes: readonly Found[]) =>
  episodes
    .map(({ opened_at, closed_at, labels, peak, ...more }) => ({
      ...more,
      labels: Object.fromEntries(Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1))),
      peak: peak && Number(peak.toPrecision(6)),
      ...{ opened_at: short(opened_at), closed_at: short(closed_at) },
    }))
    .sort((a, b) =>
      JSON.stringify([a.opened_at, a.labels]) < JSON.stringify([b.opened_at, b.labels]) ? -1 : 1,
    );

export async function liveEpisodes(rule: string): Promise<Found[]> {
  const { rows } = await pool().query(
    `select e.labels, e.severity, opened_at, closed_at, close_reason, peak
     from alert_episode e join alert_rule r on r.id = e.rule_id where r.name = $1`,
    [rule],
  );
  return rows;
}
