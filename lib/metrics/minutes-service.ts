import { type Db, prisma } from "@/lib/db/client";
import { AppError, invalidField } from "@/lib/http/errors";
import { readAges, readWaits } from "./age-store";
import { agesOfOpen } from "./ages";
import { type MinuteSeries, seriesOfAgesByMinute, seriesOfMinutes } from "./minutes";
import { readStoredMinutes } from "./minutes-store";
import { MINUTE_DAYS } from "./rollup";
import { prepare } from "./window-question";
import type { WindowQuestion } from "./window-schema";

const MINUTE_MS = 60_000;

/** A metric minute by minute: what a backtest slides its windows over. */
export type MinutesAnswer = { from: number; to: number; series: MinuteSeries[] };

/**
 * What a metric's terms sum to in each minute of a range, by label set. Throws `invalid` where the
 * metric is not known by these dimensions, or where the range reaches to before minutes are kept.
 */
export async function readMinutes(
  workspace: string,
  question: Omit<WindowQuestion, "agg">,
  { now = new Date(), db = prisma as Db } = {},
): Promise<MinutesAnswer> {
  const firstMinute = Math.floor(now.getTime() / MINUTE_MS) - MINUTE_DAYS * 1440;
  const prepared = prepare(question, 0);
  if ("error" in prepared) throw new AppError("invalid", prepared.error);
  const from = Math.floor(question.fromMs / MINUTE_MS);
  const to = Math.ceil(question.toMs / MINUTE_MS);
  if (from < firstMinute) throw invalidField("from", `minutes are kept for ${MINUTE_DAYS} days`);
  const { metric, groups, filter, aged } = prepared;
  const starts = Array.from({ length: to - from }, (_, at) => from + at);
  const buckets = { starts, from, to };
  const asked = { workspace, metric, groups, filter, buckets, firstMinute, promoted: null };
  const range = { metric, groups, from, to };
  if (!aged)
    return { from, to, series: seriesOfMinutes(await readStoredMinutes(asked, db), range) };
  const ends = starts.map((minute) => (minute + 1) * MINUTE_MS);
  const ages =
    aged === "wait"
      ? agesOfOpen(await readWaits(asked, [from * MINUTE_MS, to * MINUTE_MS], db), ends)
      : await readAges(aged, asked, ends, db);
  return { from, to, series: seriesOfAgesByMinute(ages, range) };
}
