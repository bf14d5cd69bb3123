import { readBudget } from "@/lib/budgets/store";
import { prisma } from "@/lib/db/client";
import { AppError } from "@/lib/http/errors";
import type { MinuteSeries } from "@/lib/metrics/minutes";
import { readMinutes } from "@/lib/metrics/minutes-service";
import { MINUTE_DAYS } from "@/lib/metrics/rollup";
import { SessionFilter } from "@/lib/sessions/query-schema";
import { dayOf } from "@/lib/time/calendar";
import type { ObservationsAt } from "./backtest";
import { sessionParams } from "./behind";
import { readDays } from "./budget-service";
import { minutesAsked, pastOf, reachOf } from "./past";
import { pastBudget } from "./past-budget";
import { type PastPart, pastComposite } from "./past-composite";
import { readPastSessions } from "./past-session-store";
import { pastSessions } from "./past-sessions";
import { pastWebhooks } from "./past-webhooks";
import { type Judged, judgedOf } from "./rule";
import { readRulesOf } from "./rule-store";
import { boundOf } from "./session-bounds";
import { readFirstSession, readWebhookSeconds } from "./source-store";

/** What stored history says of a rule, over the part of a range that it can answer. */
export type Past = {
  /** What it would have seen at ticks that go forward; each run has its own. */
  begin: () => ObservationsAt;
  /** For drawing; empty where what is judged is to be drawn instead. */
  series: readonly MinuteSeries[];
  fromMs: number;
  toMs: number;
  /** In what it differs from live evaluation. */
  limits: string[];
};

type Range = { fromMs: number; toMs: number; now: Date };
type RuleOf<K extends Judged["kind"]> = Extract<Judged, { kind: K }>;

const MINUTE_MS = 60_000;
const DAY_MS = 1_440 * MINUTE_MS;
const MOST_SESSIONS = 5_000;
const MOST_SECONDS = 500_000;
const LATE = "Data that came late is here now, and was not when live evaluation would have judged.";
const ROUNDED = "Windows are rounded to whole minutes.";

/** Throws `invalid` where the past of such a rule is not kept, with the reason. */
export async function readPast(workspace: string, rule: Judged, range: Range): Promise<Past> {
  switch (rule.kind) {
    case "session":
      return pastOfSessions(workspace, rule, range);
    case "budget":
      return pastOfBudget(workspace, rule, range);
    case "composite":
      return pastOfParts(workspace, rule, range);
    case "self":
      throw new AppError("invalid", "How late Watchkeeper itself was is not kept.");
    case "event":
      if (rule.source === "webhook") return pastOfWebhooks(workspace, rule, range);
      return pastOfMetric(workspace, rule, range);
    case "absence":
      if (rule.heartbeat !== undefined) throw new AppError("invalid", HEARTBEATS);
      return pastOfMetric(workspace, rule, range);
    default:
      return pastOfMetric(workspace, rule, range);
  }
}

const HEARTBEATS =
  "Of a heartbeat only the first and the last are kept, so what came between cannot be judged again.";

const keptMs = (now: Date) => now.getTime() - (MINUTE_DAYS - 1) * DAY_MS;
const keptWords = (isCut: boolean) => (isCut ? [`Minutes are kept for ${MINUTE_DAYS} days.`] : []);

async function pastOfMetric(workspace: string, rule: Judged, range: Range): Promise<Past> {
  const { toMs, now } = range;
  const firstMs = (await readFirstSession(workspace))?.getTime() ?? null;
  const fromMs = Math.max(range.fromMs, keptMs(now));
  const readFromMs = Math.max(fromMs + reachOf(rule).fromMs, keptMs(now));
  const question = minutesAsked(rule, { fromMs: readFromMs, toMs });
  if (!question) throw new AppError("invalid", "It cannot be backtested.");
  const isShort = rule.kind === "anomaly" && readFromMs > fromMs + reachOf(rule).fromMs;
  const { series } = await readMinutes(workspace, question, { now, db: prisma });
  return {
    begin: () => pastOf(rule, { series, firstMs, readFromMs }),
    ...{ series, fromMs, toMs },
    limits: [
      ...[ROUNDED, LATE, ...keptWords(fromMs > range.fromMs)],
      ...(isShort ? ["Seasons beyond the minutes that are kept are not looked back on."] : []),
    ],
  };
}

async function pastOfWebhooks(
  workspace: string,
  rule: RuleOf<"event">,
  { fromMs, toMs }: Range,
): Promise<Past> {
  const from = new Date(fromMs - rule.delayMs - rule.windowMs);
  const asked = { from, to: new Date(toMs), types: rule.types };
  const rows = await readWebhookSeconds(workspace, asked, MOST_SECONDS + 1);
  if (rows.length > MOST_SECONDS)
    throw new AppError(
      "invalid",
      "More webhooks came than can be counted again: look less far back.",
    );
  return {
    begin: () => pastWebhooks(rule, rows),
    ...{ series: [], fromMs, toMs },
    limits: ["Webhooks that retention has taken away are not counted."],
  };
}

async function pastOfBudget(
  workspace: string,
  rule: RuleOf<"budget">,
  { now, ...range }: Range,
): Promise<Past> {
  const budget = await readBudget(workspace, rule.budget);
  const { tz, scope, value } = budget;
  // Of a day that ticks are in, all minutes are needed.
  const kept = dayOf(keptMs(now), tz).toMs + rule.delayMs;
  const fromMs = Math.max(range.fromMs, kept);
  const { toMs } = range;
  const day = dayOf(fromMs - rule.delayMs, tz);
  const question = {
    ...{ metric: "cost", groupBy: [], fromMs: day.fromMs, toMs: Math.max(toMs, day.toMs) },
    filters: value === null ? {} : { [scope]: [value] },
  };
  const { series } = await readMinutes(workspace, question, { now, db: prisma });
  const days = await readDays(workspace, budget, { fromMs: day.fromMs, toMs: now.getTime() });
  return {
    begin: () => pastBudget(rule, { budget, days, minutes: series[0] }),
    ...{ series: [], fromMs, toMs },
    limits: [
      ...["The budget is taken as it is now.", ROUNDED, LATE],
      ...keptWords(fromMs > range.fromMs),
    ],
  };
}

async function pastOfParts(
  workspace: string,
  rule: RuleOf<"composite">,
  range: Range,
): Promise<Past> {
  const rows = await readRulesOf(workspace, Object.values(rule.rules));
  const parts: [string, { past: Past; rule: Judged; offsetMs: number } | null][] = [];
  for (const [name, id] of Object.entries(rule.rules)) {
    const row = rows.get(id);
    if (!row || row.paused) {
      parts.push([name, null]);
      continue;
    }
    const judged = judgedOf(row.rule);
    const past = await readPast(workspace, judged, range).catch((error: unknown) => {
      if (!(error instanceof AppError)) throw error;
      throw new AppError("invalid", `${row.name}: ${error.message}`, { cause: error });
    });
    parts.push([name, { past, rule: judged, offsetMs: row.offsetMs }]);
  }
  const known = parts.flatMap(([, part]) => part?.past ?? []);
  const fromMs = Math.max(range.fromMs, ...known.map((past) => past.fromMs));
  const begun = (part: (typeof parts)[number][1]): PastPart | null =>
    part && { rule: part.rule, offsetMs: part.offsetMs, source: part.past.begin() };
  return {
    begin: () =>
      pastComposite(Object.fromEntries(parts.map(([name, part]) => [name, begun(part)])), fromMs),
    ...{ series: [], fromMs, toMs: range.toMs },
    limits: [
      "Its rules are taken as they are now.",
      ...new Set(known.flatMap(({ limits }) => limits)),
    ],
  };
}

async function pastOfSessions(
  workspace: string,
  rule: RuleOf<"session">,
  { fromMs, toMs }: Range,
): Promise<Past> {
  if (rule.filters.outcome)
    throw new AppError(
      "invalid",
      "Which outcome a session had at each minute is not kept: leave it out of the filter to see the past.",
    );
  const bound = boundOf(rule.compared);
  const ends = [...rule.compared.bounds.map(({ at }) => at), rule.compared.recover ?? []];
  const asked = {
    measure: rule.measure,
    filter: SessionFilter.parse(sessionParams(rule.filters)),
    from: new Date(fromMs - rule.delayMs - rule.everyMs),
    to: new Date(toMs),
    least: "least" in bound && bound.least > Number.MIN_SAFE_INTEGER ? bound.least : null,
    // Shorter ones are good by every bound.
    leastSilence: Math.max(1, Math.min(...ends.flat())),
    windowMs: rule.windowMs,
  };
  const sessions = await readPastSessions(workspace, asked, MOST_SESSIONS + 1);
  if (sessions.length > MOST_SESSIONS)
    throw new AppError(
      "invalid",
      `More than ${MOST_SESSIONS} sessions may have come so far: look less far back, filter, or raise the bound.`,
    );
  const byMinute = ["cost", "cost_per_minute", "tokens"].includes(rule.measure);
  return {
    begin: () => pastSessions(rule, sessions),
    ...{ series: [], fromMs, toMs },
    limits: [
      ...["What is judged is what is stored of sessions now.", LATE],
      ...(byMinute ? ["Cost and tokens are known at the end of their minute."] : []),
      ...(rule.measure === "waiting"
        ? ["A wait counts from when it began, also where some of what it asked was answered."]
        : []),
    ],
  };
}
