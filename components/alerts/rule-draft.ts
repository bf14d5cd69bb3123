import { figureTyped } from "@/components/alerts/typed-figure";
import type { RuleBody } from "@/lib/alerts/queries";
import type { Kind, NewRule, RuleOf } from "@/lib/alerts/rule-schema";
import type { Severity } from "@/lib/alerts/schema";
import { conditionWords, unitOf } from "@/lib/alerts/words";
import type { Unit } from "@/lib/metrics/metric";

type Texts = Record<(typeof TEXTS)[number], string>;
const TEXTS = [
  ...(["name", "every", "delay", "for", "keep_firing_for", "no_data_for"] as const),
  ...(["low_volume_hold", "new_group_delay", "max_staleness", "runbook_url", "owner"] as const),
  ...(["window", "heartbeat", "period", "grace", "expression", "factor"] as const),
  ...(["min_volume", "min_bad", "error_for", "max_instances", "missing_evals"] as const),
] as const;

export type Op = RuleOf<"threshold">["op"];

/** The form's fields as they are typed, of every kind of rule: who changes the kind loses nothing. */
export type Draft = Texts & {
  kind: Kind;
  severity: Severity;
  no_data: NewRule["no_data"];
  summary: string;
  description: string;
  labels: { name: string; value: string }[];
  channels: string[];
  paused: boolean;
  dry_run: boolean;
  metric: string;
  agg: string;
  filters: Record<string, string[]>;
  group_by: string[];
  op: Op;
  fire: string;
  warn: string;
  recover: string;
  tiers: { fire: string; severity: Severity }[];
  confidence: boolean;
  compare: {
    offset: string;
    mode: "relative" | "absolute";
    min_baseline: string;
    min_delta: string;
  };
  anomaly: {
    season: "hour_of_week" | "hour_of_day";
    seasons: string;
    spreads: string;
    min_delta: string;
    direction: "above" | "below" | "both";
  };
  slo: string;
  absent: "metric" | "heartbeat";
  expect_first: boolean;
  budget: string;
  shares: string;
  forecast: boolean;
  parts: { name: string; id: string }[];
  measure: RuleOf<"session">["measure"];
  interrupt: "no" | "dry_run" | "live";
  per_hour: string;
  watch: RuleOf<"self">["watch"];
  source: "session_error" | "webhook";
  types: string[];
};

const EMPTY: Draft = {
  ...{ kind: "ratio", name: "", severity: "warning", every: "1m", delay: "1m", for: "0s" },
  ...{ keep_firing_for: "0s", no_data: "keep_last", no_data_for: "15m", low_volume_hold: "" },
  ...{ error_for: "3", new_group_delay: "0s", max_instances: "100", missing_evals: "2" },
  ...{ max_staleness: "1d", runbook_url: "", owner: "", summary: "", description: "" },
  ...{ labels: [], channels: [], paused: false, dry_run: false, metric: "failure_rate" },
  ...{ agg: "p95", filters: {}, group_by: [], window: "15m", op: ">", fire: "", warn: "" },
  ...{ recover: "", tiers: [], min_volume: "0", min_bad: "0", confidence: false },
  compare: { offset: "7d", mode: "relative", min_baseline: "0", min_delta: "" },
  anomaly: {
    ...{ season: "hour_of_week", seasons: "6", spreads: "3", min_delta: "", direction: "above" },
  },
  ...{ slo: "99", factor: "14.4", absent: "metric", heartbeat: "", period: "1h", grace: "10m" },
  ...{ expect_first: false, budget: "", shares: "50, 80, 100", forecast: true },
  ...{ parts: [], expression: "", measure: "cost", source: "session_error" },
  ...{ interrupt: "no", per_hour: "5", watch: "ingest", types: [] },
};

/** What a kind starts with where nothing was typed for it. */
const OF_KIND: Partial<Record<Kind, Partial<Draft>>> = {
  threshold: { metric: "session_errors" },
  absence: { metric: "sessions_started", window: "1h" },
  burn_rate: { metric: "failure_rate", window: "1h" },
  session: { window: "5m" },
  self: { op: ">=", fire: "15m", delay: "0s" },
  event: { group_by: ["error_type"], window: "5m", op: ">=", fire: "1" },
};

export const newDraft = (kind: Kind): Draft => ({ ...EMPTY, ...OF_KIND[kind], kind });

/** Of what a draft compares. */
export const unitOfDraft = (draft: Draft): Unit =>
  unitOf({
    ...{ kind: draft.kind, metric: draft.metric, agg: draft.agg, measure: draft.measure },
    compare: draft.compare,
    ...(draft.absent === "heartbeat" ? { heartbeat: draft.heartbeat } : {}),
  } as unknown as NewRule);

/** Of the metric itself, for a rule of change or of what is usual. */
export const unitOfMetric = ({ metric, agg }: Draft): Unit =>
  unitOf({ kind: "threshold", metric, agg } as unknown as NewRule);

type Given = Readonly<Record<string, unknown>>;
const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const recordOf = (value: unknown): Given => (isRecord(value) ? value : {});
const textsOf = (value: unknown): string[] =>
  Array.isArray(value) ? value.filter((one) => typeof one === "string") : [];
const listOf = (value: unknown): Given[] => (Array.isArray(value) ? value.map(recordOf) : []);

/** A rule as the form has it; of a rule from elsewhere (a link) what makes no sense is left out. */
export function draftOf(given: Given): Draft {
  const kind = (typeof given.kind === "string" ? given.kind : "ratio") as Kind;
  const draft = newDraft(kind);
  const known = Object.entries(given).filter(([name, value]) => {
    const now = draft[name as keyof Draft];
    return typeof now === typeof value && typeof value !== "object";
  });
  Object.assign(draft, Object.fromEntries(known));
  for (const name of TEXTS) {
    const value = given[name];
    if (typeof value === "number") draft[name] = `${value}`;
  }
  Object.assign(draft, partsOf(given, draft));
  return Object.assign(draft, boundsOf(given, draft));
}

function partsOf(given: Given, draft: Draft): Partial<Draft> {
  const { summary, description } = recordOf(given.annotations);
  const action = given.action === undefined ? null : recordOf(given.action);
  const pairs = (value: unknown) =>
    Object.entries(recordOf(value)).map(([name, of]) => [name, `${of}`] as const);
  return {
    summary: typeof summary === "string" ? summary : "",
    description: typeof description === "string" ? description : "",
    labels: pairs(given.labels).map(([name, value]) => ({ name, value })),
    channels: textsOf(given.channels),
    filters: Object.fromEntries(
      Object.entries(recordOf(given.filters)).map(([name, values]) => [name, textsOf(values)]),
    ),
    group_by: Array.isArray(given.group_by) ? textsOf(given.group_by) : draft.group_by,
    types: textsOf(given.types),
    parts: pairs(given.rules).map(([name, id]) => ({ name, id })),
    absent: given.heartbeat === undefined ? "metric" : "heartbeat",
    interrupt: action === null ? "no" : action.mode === "live" ? "live" : "dry_run",
    per_hour: typeof action?.per_hour === "number" ? `${action.per_hour}` : draft.per_hour,
    slo: typeof given.slo === "number" ? figureTyped(given.slo, "ratio") : draft.slo,
    shares:
      draft.kind === "budget" && Array.isArray(given.tiers) ? sharesOf(given.tiers) : draft.shares,
  };
}

const sharesOf = (tiers: readonly unknown[]) =>
  tiers.flatMap((tier) => (typeof tier === "number" ? figureTyped(tier, "ratio") : [])).join(", ");

/** Bounds and distances, in the unit of what they are compared with. */
function boundsOf(given: Given, draft: Draft): Partial<Draft> {
  const compare = { ...draft.compare, ...recordOf(given.compare) } as Record<string, unknown>;
  const anomaly = { ...draft.anomaly, ...recordOf(given.anomaly) } as Record<string, unknown>;
  const seen = { ...draft, compare: compare as Draft["compare"] };
  const [unit, own] = [unitOfDraft(seen), unitOfMetric(seen)];
  const written = (value: unknown, of: Unit): string =>
    typeof value === "number" ? figureTyped(value, of) : "";
  const bound = (value: unknown, otherwise: string): string =>
    Array.isArray(value)
      ? value.map((one) => written(one, unit)).join(" to ")
      : value === undefined
        ? otherwise
        : written(value, unit);
  const distance = (value: unknown) => (value === 0 ? "" : written(value, own));
  return {
    fire: bound(given.fire, draft.fire),
    warn: bound(given.warn, ""),
    recover: bound(given.recover, ""),
    tiers:
      draft.kind === "budget"
        ? []
        : listOf(given.tiers).map(({ fire, severity }) => ({
            fire: bound(fire, ""),
            severity: severity as Severity,
          })),
    compare: {
      ...(compare as Draft["compare"]),
      min_baseline: `${compare.min_baseline}`,
      min_delta: distance(compare.min_delta),
    },
    anomaly: {
      ...(anomaly as Draft["anomaly"]),
      seasons: `${anomaly.seasons}`,
      spreads: `${anomaly.spreads}`,
      min_delta: distance(anomaly.min_delta),
    },
  };
}

/** A rule that a link brings along, like one of the ready-made. */
export function linkedRule(text: string | null): Given | null {
  try {
    const given: unknown = JSON.parse(text ?? "");
    return isRecord(given) ? given : null;
  } catch {
    return null;
  }
}

/** Where the builder opens with such a rule. */
export const ruleLink = (rule: RuleBody): Record<string, string> => ({
  rule: JSON.stringify(rule),
});

/** What a rule that leaves out the usual says, in a line. */
export const ruleWords = (rule: RuleBody): string => {
  const usual = { ...EMPTY, tiers: [], min_volume: 0, min_bad: 0, heartbeat: undefined };
  return conditionWords({ ...usual, ...rule } as unknown as NewRule);
};
