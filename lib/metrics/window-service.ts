import { type Db, prisma } from "@/lib/db/client";
import { readAges } from "./age-store";
import { type Age, seriesOfAges } from "./ages";
import { type Row, toldOf } from "./columns";
import { readEdges } from "./edge-store";
import { type EdgeMinute, rowsWithin, takeApart } from "./edges";
import { termsOf } from "./metric";
import { hourAfter } from "./pieces";
import { seriesOf } from "./query";
import type { Series } from "./query-schema";
import { MINUTE_DAYS } from "./rollup";
import type { Family } from "./schema";
import { readSegments, readSessionSegments } from "./segment-store";
import { groupAskings, indexSums, rowsOf, sumsAsked } from "./segments";
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
 * are those of `readMetrics`. Statements run beside each other, each seeing what is there when it begins,
 * unless `db` is a transaction that sees one state.
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
  const found: Found = new Map(good.map((question) => [question, { rows: [], ages: [] }]));
  await inTurns(readingsOf(found, { workspace, firstMinute, db }));
  const answers = new Map<string, WindowAnswer>();
  for (const [id, one] of asked)
    answers.set(
      id,
      "error" in one
        ? { groups: [], truncated: 0, error: one.error }
        : answerOf(one, found.get(one) ?? NOTHING),
    );
  return ids.flatMap((id) => answers.get(id) ?? []);
}

type Reading = { workspace: string; firstMinute: number; db: Db };
/** What answers are made of; ages are those of gauges that tell them. */
type Parts = { rows: Row[]; ages: Age[] };
type Found = ReadonlyMap<Prepared, Parts>;
const NOTHING: Parts = { rows: [], ages: [] };

/** Every statement once for all questions it tells something of. */
function readingsOf(found: Found, reading: Reading): Array<() => Promise<void>> {
  const nowMinute = reading.firstMinute + MINUTE_DAYS * 1440;
  const questions = [...found.keys()];
  const summed = questions.filter(({ aged }) => aged === null);
  const ofSessions = summed.filter(needsFacts);
  const ofRollups = summed.filter((question) => !needsFacts(question));
  const addRows = (question: Prepared, rows: Row[]) => {
    const parts = found.get(question);
    if (parts) parts.rows = parts.rows.concat(rows);
  };
  const take = (group: readonly Prepared[], read: typeof readSegments) => async () => {
    const asked = sumsAsked(group);
    const segments = indexSums(await read(reading.workspace, asked, reading.db));
    for (const question of group)
      addRows(question, rowsOf(question, { bounds: asked.bounds, segments }));
  };
  return [
    async () => {
      const minutes = await readMinutes(summed, reading);
      for (const question of summed) addRows(question, edgeRows(question, minutes));
    },
    ...groupAskings(ofRollups, { ofSessions: false, nowMinute }).map((group) =>
      take(group, readSegments),
    ),
    ...groupAskings(ofSessions, { ofSessions: true, nowMinute }).map((group) =>
      take(group, readSessionSegments),
    ),
    ...groupAged(questions).map((group) => () => takeAges(group, found, reading)),
  ];
}

async function inTurns(jobs: ReadonlyArray<() => Promise<void>>): Promise<void> {
  const left = jobs.values();
  await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      for (const job of left) await job();
    }),
  );
}

/** Gauges of age that differ in their instants alone. */
function groupAged(questions: readonly Prepared[]): Prepared[][] {
  const groups = new Map<string, Prepared[]>();
  for (const question of questions) {
    const { aged, groups: by, filter } = question;
    if (aged === null) continue;
    const id = JSON.stringify([aged, by, filter]);
    groups.set(id, [...(groups.get(id) ?? []), question]);
  }
  return [...groups.values()];
}

async function takeAges(
  group: readonly Prepared[],
  found: Found,
  { workspace, firstMinute, db }: Reading,
): Promise<void> {
  const [first] = group;
  if (!first?.aged) return;
  const { metric, groups, filter, buckets, aged } = first;
  const asked = { workspace, metric, groups, filter, buckets, firstMinute, promoted: null };
  const ends = [...new Set(group.map(({ toMs }) => toMs))].sort((a, b) => a - b);
  const ages = await readAges(aged, asked, ends, db);
  for (const question of group) {
    const at = ends.indexOf(question.toMs);
    const own = ages.filter(({ bucket }) => bucket === at);
    const parts = found.get(question);
    if (parts) parts.ages = own.map((age) => ({ ...age, bucket: 0 }));
  }
}

/** The minutes that windows begin or end in, taken apart. */
async function readMinutes(
  questions: readonly Prepared[],
  { workspace, db }: Reading,
): Promise<Map<number, EdgeMinute>> {
  const cut = questions.filter(({ edges }) => edges.length > 0);
  const families = new Set<Family>(cut.flatMap(({ counter }) => counter.families));
  const minutes = [...new Set(cut.flatMap(({ edges }) => edges.map(({ minute }) => minute)))];
  const isAsked = (name: "mcp_servers" | "error_groups") =>
    cut.some(({ counter }) => counter.ofSession.labels.includes(name));
  const withKeys = { mcp: isAsked("mcp_servers"), fault: isAsked("error_groups") };
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

function answerOf(question: Prepared, { rows, ages }: Parts): WindowAnswer {
  const { groups, metric, buckets, aggregate, aged, toMs } = question;
  const { starts } = buckets;
  const limit = MOST_GROUPS;
  const none = aged === "wait" ? 0 : null;
  const { series, truncated } = aged
    ? seriesOfAges(ages, { groups, starts, ends: [toMs], limit, none })
    : seriesOf(toldOf(rows, { groups: groups.length, terms: termsOf(metric).length }), {
        ...{ metric, groups, buckets, aggregate, limit },
      });
  // The rest, taken together, is none of the groups.
  return { groups: series.slice(0, limit).map(groupOf), truncated, error: null };
}

function groupOf({ labels, total, points: [point] }: Series) {
  const [, , numerator, denominator] = point ?? [];
  if (numerator === undefined || denominator === undefined) return { labels, value: total };
  return { labels, value: total, numerator, denominator };
}
