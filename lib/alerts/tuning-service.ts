import { AppError } from "@/lib/http/errors";
import { inParts, rangeOf } from "./backtest-service";
import { durationText } from "./duration";
import { suggestFor, TRIED_FOR_MS, type Tried } from "./noise";
import { minutesAsked } from "./past";
import { readPast } from "./past-service";
import { refuseBad } from "./refusal-service";
import { restfully } from "./restfully";
import { checkRule, judgedOf } from "./rule";
import type { NewRule } from "./rule-schema";
import { readRule } from "./rule-store";
import type { BacktestRequest, ThresholdCounts, WaitSuggestion } from "./rules-schema";
import { boundsOver, countThresholds, movable, spreadOf } from "./thresholds";
import { unitOf } from "./words";

const WEEK_MS = 7 * 86_400_000;

/**
 * Whether waiting longer before it fires would spare most of a rule's alerts of the last week. Null where it
 * would not, or its past is not kept. Throws `not_found`.
 */
export async function suggestWait(
  workspace: string,
  id: string,
  now = new Date(),
): Promise<WaitSuggestion> {
  const { rule } = await readRule(workspace, id);
  const judged = judgedOf(rule);
  if (!minutesAsked(judged, { fromMs: 0, toMs: 0 })) return { suggestion: null };
  const toMs = now.getTime();
  const past = await readPast(workspace, judged, { fromMs: toMs - WEEK_MS, toMs, now });
  const tried: Tried[] = [];
  for (const forMs of new Set([judged.forMs, ...TRIED_FOR_MS])) {
    const { episodes } = await inParts({ ...judged, forMs }, past, new Set());
    tried.push({ forMs, episodes: episodes.length });
  }
  const found = suggestFor(tried, judged.forMs);
  if (!found) return { suggestion: null };
  const { forMs, before, after } = found;
  return { suggestion: { for: durationText(forMs), before, after } };
}

/**
 * How often a rule would have fired over stored history by each of many bounds. Throws `invalid` for a
 * rule that is wrong, or has no one bound.
 */
export async function tryThresholds(
  workspace: string,
  { from, to, ...written }: BacktestRequest,
  now = new Date(),
): Promise<ThresholdCounts> {
  const rule = written as NewRule;
  await refuseBad(workspace, rule);
  const judged = movable(judgedOf(rule));
  if (!judged)
    throw new AppError(
      "invalid",
      "Only rules that compare a metric with one bound can be tried so.",
    );
  const past = await readPast(workspace, judged, rangeOf({ from, to }, now));
  const spread = await restfully(spreadOf(judged, past.begin, past));
  if (spread === null) return { data: [] };
  const isGood = (fire: number) =>
    checkRule({ ...rule, fire } as NewRule).every(({ path }) => path !== "fire");
  const fires = boundsOver(spread, { fire: judged.fire, unit: unitOf(rule) }).filter(isGood);
  return { data: await restfully(countThresholds(judged, fires, past.begin, past)) };
}
