import { type Db, prisma } from "@/lib/db/client";
import { readAges } from "./age-store";
import { seriesOfAges } from "./ages";
import { readEdges } from "./edge-store";
import { type EdgeMinute, rowsWithin, takeApart } from "./edges";
import { termsOf } from "./metric";
import { type Row, seriesOf } from "./query";
import type { Series } from "./query-schema";
import { MINUTE_DAYS } from "./rollup";
import type { Family } from "./schema";
import { readSegments, readSessionSegments } from "./segment-store";
import { groupAskings, indexSums, rowsOf, sumsAsked } from "./segments";
import { hourAfter } from "./source-store";
import { needsFacts } from "./told";
import { type Prepared, prepare } from "./window-question";
import { MOST_GROUPS, type WindowAnswer, type WindowQuestion } from "./window-schema";

const MINUTE_MS = 60_000;
/** Statements at a time. */
const AT_ONCE = 4;

/**
 * The answers to many questions at once, in their order; a bad one is answered with its error. Windows
 * are exact to the millisecond, with two exceptions: what is of no session (what comes in, reads of
 * the provider) is known by the minute, and a minute belongs to the window it begins in; and where
 * minutes are kept no more, whole hours are told. Gauges are told as they stand at `toMs`. Figures
 * are those of `readMetrics`.
 */
export async function readWindows(
  workspace: string,
  questions: readonly WindowQuestion[],
  { now = new Date(), db = prisma as Db } = {},
): Promise<WindowAnswer[]> {
  const firstMinute = Math.floor(now.getTime() / MINUTE_MS) - MINUTE_DAYS * 1440;
  const asked = new Map<string, Prepared | { error: string }>();
  const ids = questions.map((question) => {
    const id = JSON.stringify(question);
    if (!asked.has(id)) asked.set(id, prepare(question, hourAfter(firstMinute)));
    return id;
  });
  const good = [...asked.values()].filter((one): one is Prepared => !("error" in one));
  const rows = await readAll(good, { workspace, firstMinute, db });
  const answers = new Map<string, WindowAnswer>();
  for (const [id, one] of asked)
    answers.set(
      id,
      "error" in one
        ? { groups: [], truncated: 0, error: one.error }
        : await answerOf(one, rows.get(one) ?? [], { workspace, firstMinute, db }),
    );
  return ids.map((id) => answers.get(id) ?? { groups: [], truncated: 0, error: null });
}

type Reading = { workspace: string; firstMinute: number; db: Db };
type Rows = Map<Prepared, Row[]>;

async function readAll(questions: readonly Prepared[], reading: Reading): Promise<Rows> {
  const summed = questions.filter(({ aged }) => aged === null);
  const ofFacts = summed.filter(needsFacts);
  const ofRollups = summed.filter((question) => !ofFacts.includes(question));
  const rows: Rows = new Map(summed.map((question) => [question, []]));
  const nowMinute = reading.firstMinute + MINUTE_DAYS * 1440;
  const edges = readMinutes(summed, reading);
  const jobs = [
    async () => {
      const minutes = await edges;
      for (const question of summed) rows.get(question)?.push(...edgeRows(question, minutes));
    },
    ...[
      ...groupAskings(ofRollups, { ofSessions: false, nowMinute }).map(
        (group) => [group, readSegments] as const,
      ),
      ...groupAskings(ofFacts, { ofSessions: true, nowMinute }).map(
        (group) => [group, readSessionSegments] as const,
      ),
    ].map(([group, read]) => async () => {
      const asked = sumsAsked(group);
      const segments = indexSums(await read(reading.workspace, asked, reading.db));
      for (const question of group)
        rows.get(question)?.push(...rowsOf(question, { bounds: asked.bounds, segments }));
    }),
  ];
  await inTurns(jobs);
  return rows;
}

async function inTurns(jobs: ReadonlyArray<() => Promise<void>>): Promise<void> {
  const left = jobs.values();
  await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      for (const job of left) await job();
    }),
  );
}

/** The minutes that windows begin or end in, taken apart. */
async function readMinutes(
  questions: readonly Prepared[],
  { workspace, db }: Reading,
): Promise<Map<number, EdgeMinute>> {
  const cut = questions.filter(({ edges }) => edges.length > 0);
  const families = new Set<Family>(cut.flatMap(({ counter }) => counter.families));
  const minutes = [...new Set(cut.flatMap(({ edges }) => edges.map(({ minute }) => minute)))];
  const isAsked = (name: "mcp_server" | "error_group") =>
    cut.some(({ filter }) => filter[name]?.length);
  const withKeys = { mcp: isAsked("mcp_server"), fault: isAsked("error_group") };
  const facts = await readEdges(workspace, { minutes, families: [...families], withKeys }, db);
  return takeApart(facts, families);
}

/** What comes after a gauge's instant is in bucket 1. */
function edgeRows(
  { metric, counter, edges }: Prepared,
  minutes: ReadonlyMap<number, EdgeMinute>,
): Row[] {
  const bucket = metric.kind === "gauge" ? 1 : 0;
  return edges.flatMap((stretch) => {
    const minute = minutes.get(stretch.minute);
    return minute ? rowsWithin(minute, counter, { terms: termsOf(metric), stretch, bucket }) : [];
  });
}

async function answerOf(
  question: Prepared,
  rows: readonly Row[],
  reading: Reading,
): Promise<WindowAnswer> {
  const { groups, metric, buckets, aggregate } = question;
  const { series, truncated } = question.aged
    ? await agesOf(question, question.aged, reading)
    : seriesOf(rows, { metric, groups, buckets, aggregate, limit: MOST_GROUPS });
  const told = truncated > 0 ? series.slice(0, MOST_GROUPS) : series;
  return { groups: told.map(groupOf), truncated, error: null };
}

async function agesOf(
  { groups, metric, filter, toMs, buckets }: Prepared,
  aged: NonNullable<Prepared["aged"]>,
  { workspace, firstMinute, db }: Reading,
) {
  const asked = { workspace, metric, groups, filter, buckets, firstMinute };
  const ages = await readAges(aged, asked, [toMs], db);
  const { starts } = buckets;
  const none = aged === "wait" ? 0 : null;
  return seriesOfAges(ages, { groups, starts, ends: [toMs], limit: MOST_GROUPS, none });
}

function groupOf({ labels, total, points: [point] }: Series) {
  const [, , numerator, denominator] = point ?? [];
  if (numerator === undefined || denominator === undefined) return { labels, value: total };
  return { labels, value: total, numerator, denominator };
}
