import type { RuleBody } from "@/lib/alerts/queries";
import { formatNanos, formatPercent, formatPlural } from "@/lib/format";
import type { Answers, Questions } from "@/lib/metrics/queries";

/** What is known of this fleet, of the last week. */
export type FleetFacts = {
  failed: number;
  settled: number;
  worst: { agent: string; rate: number; settled: number } | null;
  costNanos: number;
  p95Nanos: number | null;
  finalErrors: number;
  waiting: number;
  budgets: readonly { id: string; name: string }[];
};

export type ReadyMade = { id: string; title: string; why: string; rule: RuleBody };

const WEEK_MS = 7 * 86_400_000;
const WINDOWS_A_WEEK = WEEK_MS / (15 * 60_000);

/** What to ask of metrics for it. */
export function fleetQuestions(nowMs: number): Questions {
  const ask = (metric: string, more: Record<string, string> = {}) =>
    new URLSearchParams({
      metric,
      from: new Date(nowMs - WEEK_MS).toISOString(),
      to: new Date(nowMs).toISOString(),
      step: "all",
      ...more,
    });
  return {
    rate: ask("failure_rate"),
    agents: ask("failure_rate", { group_by: "agent", limit: "50" }),
    cost: ask("cost"),
    errors: ask("final_errors"),
    waiting: ask("waiting_sessions"),
  };
}

const LEAST = 20;

/** The answers as facts; `names` gives agents theirs. */
export function factsOf(
  answers: Answers,
  more: Pick<FleetFacts, "p95Nanos" | "budgets">,
  nameOf: (agent: string) => string,
): FleetFacts {
  const whole = (name: string) => answers[name]?.[0]?.series[0];
  const [, , failed = 0, settled = 0] = whole("rate")?.points[0] ?? [];
  const [worst] = (answers.agents?.[0]?.series ?? [])
    .flatMap(({ labels, points: [point] }) => {
      const [, rate, , of = 0] = point ?? [];
      const { agent } = labels;
      return agent && rate != null && of >= LEAST
        ? [{ agent: nameOf(agent), rate, settled: of }]
        : [];
    })
    .sort((a, b) => b.rate - a.rate);
  return {
    ...{ failed, settled, worst: worst ?? null, ...more },
    costNanos: whole("cost")?.total ?? 0,
    finalErrors: whole("errors")?.total ?? 0,
    waiting: whole("waiting")?.total ?? 0,
  };
}

/** Rules worth having, with the figures of this fleet in them. */
export function readyMade(facts: FleetFacts): ReadyMade[] {
  return [failureRate(facts), sessionCost(facts), waiting(facts), silent(), finalErrors(facts)]
    .concat([burnRate(facts), lastWeek(facts), spend(facts), ingest()])
    .concat(facts.budgets.map(budget));
}

/** Dollars people think in. */
const ROUND = [0.1, 0.25, 0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 5_000];
const NANOS = 1_000_000_000;
const roundUp = (nanos: number) =>
  (ROUND.find((dollars) => dollars * NANOS >= nanos) ?? 10_000) * NANOS;

/** No rate is above 1. */
const farther = (fire: number) => Math.min(0.95, Math.max(0.5, Number((fire + 0.2).toFixed(2))));

function failureRate({ failed, settled, worst }: FleetFacts): ReadyMade {
  const normal = settled === 0 ? 0 : failed / settled;
  // Three times what is normal, in steps of five hundredths, and a fifth at least.
  const fire = Math.min(0.8, Math.max(0.2, Math.ceil(normal * 3 * 20) / 20));
  const isThin = settled / WINDOWS_A_WEEK < 10;
  const now =
    settled === 0
      ? "No session has settled in the last week."
      : `${formatPercent(normal)} of ${formatPlural(settled, "session")} failed in the last week`;
  const most = worst ? `, most in ${worst.agent} (${formatPercent(worst.rate)})` : "";
  return {
    id: "failure-rate",
    title: "Session failure rate rises",
    why: settled === 0 ? now : `${now}${most}.`,
    rule: {
      ...{ kind: "ratio", name: "Session failure rate", metric: "failure_rate", severity: "high" },
      ...{ group_by: ["agent"], window: isThin ? "1h" : "15m", op: ">", fire },
      ...{ recover: fire / 2, min_volume: 10, min_bad: 3, for: "2m", keep_firing_for: "10m" },
      tiers: [{ fire: farther(fire), severity: "critical" }],
    },
  };
}

function sessionCost({ p95Nanos }: FleetFacts): ReadyMade {
  const fire = roundUp((p95Nanos ?? 0) * 3 || 5 * NANOS);
  return {
    id: "session-cost",
    title: "A session runs away with money",
    why:
      p95Nanos === null
        ? "How much sessions cost is not known yet."
        : `95 of 100 sessions of the dearest agent cost at most ${formatNanos(p95Nanos)}.`,
    rule: {
      ...{ kind: "session", name: "Session cost runaway", measure: "cost", severity: "warning" },
      ...{ op: ">", fire },
      tiers: [
        { fire: fire * 4, severity: "high" },
        { fire: fire * 10, severity: "critical" },
      ],
    },
  };
}

const waiting = ({ waiting: now }: FleetFacts): ReadyMade => ({
  id: "waiting",
  title: "A session waits for somebody",
  why:
    now > 0
      ? `${formatPlural(now, "session waits", "sessions wait")} at this moment.`
      : "None waits at this moment.",
  rule: {
    ...{ kind: "session", name: "Waiting for a person", measure: "waiting", severity: "warning" },
    ...{ op: ">", fire: 900 },
  },
});

const silent = (): ReadyMade => ({
  id: "silent",
  title: "A session is stuck",
  why: "Running, and no event for half an hour.",
  rule: {
    ...{ kind: "session", name: "Stuck session", measure: "silence", severity: "warning" },
    ...{ op: ">", fire: 1_800 },
  },
});

const finalErrors = ({ finalErrors: count }: FleetFacts): ReadyMade => ({
  id: "final-errors",
  title: "Errors that are not tried again",
  why: `${formatPlural(count, "error")} in the last week.`,
  rule: {
    ...{ kind: "event", name: "Final errors", source: "session_error", severity: "warning" },
    ...{
      group_by: ["error_type"],
      window: "15m",
      op: ">=",
      fire: Math.max(1, Math.ceil((count / WINDOWS_A_WEEK) * 5)),
    },
  },
});

/** A budget of errors that what is normal keeps within. */
function burnRate({ failed, settled }: FleetFacts): ReadyMade {
  const normal = settled === 0 ? 0 : failed / settled;
  const slo = [0.99, 0.95, 0.9, 0.8].find((one) => 1 - one >= normal) ?? 0.8;
  const most = 1 / (1 - slo);
  return {
    id: "burn-rate",
    title: "An error budget burns too fast",
    why: `With an objective of ${formatPercent(slo)}, which the last week ${normal <= 1 - slo ? "kept" : "missed"}.`,
    rule: {
      ...{ kind: "burn_rate", name: "Error budget burns", metric: "failure_rate", slo },
      ...{ factor: most > 14.4 ? 14.4 : Number((most * 0.6).toFixed(1)), window: "1h" },
      ...{ min_bad: 3, severity: "critical" },
    },
  };
}

const lastWeek = ({ failed }: FleetFacts): ReadyMade => ({
  id: "last-week",
  title: "More failures than last week",
  why: `${formatPlural(failed, "session")} failed in the last week.`,
  rule: {
    ...{ kind: "change", name: "Failures above last week's", metric: "sessions_failed" },
    ...{ window: "1h", op: ">", fire: 1, severity: "warning", for: "5m" },
    compare: { offset: "7d", mode: "relative", min_baseline: 10, min_delta: 5 },
  },
});

const spend = ({ costNanos }: FleetFacts): ReadyMade => ({
  id: "spend",
  title: "Spending is unusual",
  why: `${formatNanos(costNanos)} in the last week, ${formatNanos(costNanos / 168)} an hour.`,
  rule: {
    ...{ kind: "anomaly", name: "Unusual spending", metric: "cost", window: "1h" },
    ...{ severity: "warning", for: "5m" },
    anomaly: {
      season: "hour_of_week",
      spreads: 3,
      min_delta: roundUp(costNanos / 168),
      direction: "above",
    },
  },
});

const ingest = (): ReadyMade => ({
  id: "ingest",
  title: "Nothing comes in any more",
  why: "No new event from any source for half an hour.",
  rule: {
    ...{ kind: "absence", name: "Ingest is silent", metric: "ingest_events", window: "30m" },
    severity: "high",
  },
});

const budget = ({ id, name }: { id: string; name: string }): ReadyMade => ({
  id: `budget ${id}`,
  title: `The budget ${name} is used up`,
  why: "Told at 50, 80 and 100 %, and when more is expected.",
  rule: {
    ...{ kind: "budget", name: `Budget ${name}`.slice(0, 120), budget: id, severity: "warning" },
    ...{ tiers: [0.5, 0.8, 1], forecast: true },
  },
});
