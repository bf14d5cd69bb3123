import fc from "fast-check";
import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import { prisma } from "@/lib/db/client";
import { fillDemo } from "@/lib/demo/service";
import { fillPromoted } from "@/lib/ingest/promote-service";
import { acceptItems } from "@/lib/ingest/service";
import { verifyWorkspace } from "@/lib/ingest/verify-service";
import { CATALOGUE } from "@/lib/metrics/catalogue";
import { knownBy } from "@/lib/metrics/metric";
import { settleStaleDay } from "@/lib/metrics/promoted-rollup-service";
import { demote, promote, readDimensions } from "@/lib/metrics/promoted-service";
import { type MetricResult, MetricsQuery } from "@/lib/metrics/query-schema";
import { readMetrics } from "@/lib/metrics/query-service";
import { addUp, firstMinute, verifyRollups } from "@/lib/metrics/rollup-service";
import { removeSessions } from "@/lib/retention/service";
import { truncateAll } from "@/tests/support/database";
import type { SoupItem } from "@/tests/support/event-soup";
import { at, idle, request, running, session } from "@/tests/support/events";
import { forgetJobs } from "@/tests/support/jobs";
import { runs } from "@/tests/support/runs";

const NOW = new Date("2026-11-20T12:00:00Z");
const ALL = CATALOGUE.filter((metric) => knownBy(metric) === null).map(({ id }) => id);

async function ask(query: Record<string, unknown>, metrics: readonly string[] = ALL) {
  const results: MetricResult[] = [];
  for (let from = 0; from < metrics.length; from += 20) {
    const parsed = MetricsQuery.parse({ ...query, metric: metrics.slice(from, from + 20) });
    results.push(...(await readMetrics("default", parsed, { now: NOW })).results);
  }
  return new Map(results.map((result) => [result.metric, result]));
}

/** Without groups in which nothing was: they come and go with what was once counted there. */
const told = (result: MetricResult | undefined) => ({
  ...result,
  series: result?.series.filter(({ points }) => points.some(([, value]) => value)),
});

async function drain(most?: number): Promise<void> {
  while ((await addUp(NOW, 300, most)) > 0);
  while (await settleStaleDay(firstMinute(NOW), most));
}

async function differences(most?: number): Promise<unknown[]> {
  const found: unknown[] = [];
  if (most === undefined) await verifyWorkspace("default", (one) => found.push(one));
  else await verifyRollups("default", (one) => found.push(one), { now: NOW, most });
  return found;
}

const sumsOfKeys = () => prisma.rollup.count({ where: { promotion: { not: 0 } } });

describe("a promoted key of a fleet", () => {
  beforeAll(async () => {
    await truncateAll();
    await forgetJobs();
    const fill = (seed: string, sessions: number) =>
      fillDemo("default", { seed, days: 4, sessions }, NOW.getTime() * 1000, () => {});
    await fill("before", 120);
    await addUp(NOW, 2_000);
    await promote("default", { key: "feature" }, NOW);
    // What comes before history is counted is counted once all the same.
    await fill("meanwhile", 60);
    await fillPromoted(() => NOW);
    await fill("after", 60);
    await addUp(NOW, 900);
  }, 240_000);

  const range = { from: "2026-11-17T03:17:00Z", to: "2026-11-20T11:40:00Z", limit: 200 };
  const by = { group_by: "metadata.feature" };
  test.each<Record<string, unknown>>([
    { step: "all", ...by },
    { step: "1h", ...by },
    { step: "1d", ...by, tz: "America/New_York" },
    { step: "5m", ...by, from: "2026-11-20T02:03:00Z" },
    { step: "6h", group_by: ["metadata.feature", "agent"] },
    { step: "all", group_by: ["model", "metadata.feature"], limit: 5 },
    { step: "all", group_by: ["metadata.feature", "tool"] },
    { step: "3h", agg: "p99", ...by },
    { step: "6h", metadata: { feature: "VALUE" } },
    { step: "all", metadata: { feature: ["VALUE", "nobody's"] }, group_by: ["outcome"] },
    { step: "12h", agg: "mean", model: "claude-sonnet-5-5", metadata: { feature: "VALUE" } },
  ])("is told the same by its rollups and by the sessions' own cells: %j", async (asked) => {
    const { dimensions } = await readDimensions("default");
    const value = dimensions.find(({ key }) => key === "feature")?.examples[0] ?? "";
    expect(value).not.toBe("");
    const query = JSON.parse(JSON.stringify({ ...range, ...asked }).replace("VALUE", value));
    const sums = await ask(query);
    // All sessions are of this source, which the key's rollups do not know.
    const facts = await ask({ ...query, source: "demo" });
    for (const id of ALL) expect(told(sums.get(id)), id).toEqual(told(facts.get(id)));
    const series = [...sums.values()].flatMap((result) => result.series);
    expect(series.some(({ total }) => total !== null && total > 0)).toBe(true);
  });

  test("is read from its rollups where these know what is asked", async () => {
    const query = { ...range, step: "all", ...by };
    const cost = async (more: object) => (await ask({ ...query, ...more }, ["cost"])).get("cost");
    const before = await cost({});
    await prisma.$executeRaw`
      update rollup set nanos = nanos + 1 where promotion <> 0 and family = 'request'`;
    expect(await cost({})).not.toEqual(before);
    expect(await cost({ source: "demo" })).toEqual(before);
    expect((await differences()).length).toBeGreaterThan(0);
    await prisma.$executeRaw`
      update rollup set nanos = nanos - 1 where promotion <> 0 and family = 'request'`;
    expect(await differences()).toEqual([]);
  }, 180_000);

  test("leaves nothing when it is taken back, and can be promoted again", async () => {
    await demote("default", { key: "feature" });
    await fillPromoted(() => NOW);
    expect(await sumsOfKeys()).toBe(0);
    expect(await differences()).toEqual([]);
    await promote("default", { key: "feature" }, NOW);
    await fillPromoted(() => NOW);
    expect(await sumsOfKeys()).toBeGreaterThan(0);
    expect(await differences()).toEqual([]);
    await removeSessions({ workspace: "default", source: "demo" });
    await drain();
    const left = { promotion: { not: 0 }, OR: [{ count: { not: 0 } }, { nanos: { not: 0 } }] };
    expect(await prisma.rollup.count({ where: left })).toBe(0);
    expect(await prisma.promotedValue.count()).toBe(0);
    expect(await differences()).toEqual([]);
  }, 180_000);
});

/** What happens to one session of a small fleet: its versions, each with what it says. */
type Story = { day: number; says: (string | null)[]; late: boolean; isDeleted: boolean };
const LONG = "long ".repeat(60);
const story: fc.Arbitrary<Story> = fc.record({
  day: fc.nat(1),
  says: fc.array(fc.constantFrom("a", "b", "c", "d", "é", "", LONG, null), {
    minLength: 1,
    maxLength: 2,
  }),
  late: fc.boolean(),
  isDeleted: fc.constantFrom(false, false, true),
});

function itemsOf({ day, says, late }: Story, number: number): SoupItem[][] {
  const second = day * 86_400 + number * 60;
  const versions = says.map((said, version) => ({
    ...session(),
    data: {
      ...Object(session().data),
      id: `sesn_${number}`,
      created_at: at(second),
      updated_at: at(second + version),
      metadata: said === null ? {} : { team: said },
    },
  }));
  const events = [
    running(second),
    ...request(`r${number}`, second + 1, [1000, 10]),
    idle(second + 9),
  ];
  return late ? [events.slice(1), versions, events.slice(0, 1)] : [versions, events];
}

const idOf = (number: number) => `sesn_${number}`;
async function send(number: number, items: readonly SoupItem[]): Promise<void> {
  const origin = { workspace: "default", connectionId: "", source: "push" as const };
  const raw = items.map((item, index) => ({ ...item, index, sessionId: idOf(number) }));
  const { rejected } = await acceptItems(origin, raw, [], NOW);
  expect(rejected).toEqual([]);
}

/** Everything the rollups have of promoted keys, in one order. */
async function kept(): Promise<string[]> {
  const rows = await prisma.$queryRaw<Array<{ row: string }>>`
    select concat_ws('|', grain, family, minute, agent, key, value, folded, count, nanos, ms,
      input_tokens, output_tokens, encode(histogram, 'hex')) as row from rollup
    where promotion <> 0 and not (count = 0 and nanos = 0 and ms = 0 and input_tokens = 0)
    union all select concat_ws('|', 'value', day, value) from promoted_value
    union all select concat_ws('|', 'day', day, last, stale) from promoted_day
    order by 1`;
  return rows.map(({ row }) => row);
}

/** `order` decides in which order parts of all sessions come, and after how many the key is promoted. */
async function leaveBehind(stories: readonly Story[], order: readonly number[], most: number) {
  await truncateAll();
  const parts = stories.flatMap((one, number) =>
    itemsOf(one, number).map((items) => ({ number, items })),
  );
  const shuffled = parts
    .map((part, at) => ({ part, rank: order[at % order.length] ?? 0, at }))
    .sort((a, b) => a.rank - b.rank || a.at - b.at)
    .map(({ part }) => part);
  const promotedAt = (order[0] ?? 0) % (shuffled.length + 1);
  for (const [at, { number, items }] of shuffled.entries()) {
    if (at === promotedAt) await promote("default", { key: "team" }, NOW);
    if (at === promotedAt + 1) await fillPromoted(() => NOW, most);
    await send(number, items);
    if ((order[at % order.length] ?? 0) % 3 === 0) await addUp(NOW, 7, most);
  }
  if (promotedAt >= shuffled.length - 1) {
    if (promotedAt === shuffled.length) await promote("default", { key: "team" }, NOW);
    await fillPromoted(() => NOW, most);
  }
  for (const [number, { isDeleted }] of stories.entries())
    if (isDeleted)
      await removeSessions({ workspace: "default", connectionId: "", sessionId: idOf(number) });
  expect(await differences(most)).toEqual([]);
  await drain(most);
  expect(await differences(most)).toEqual([]);
}

describe("values beyond what a day keeps by name", () => {
  beforeEach(() => forgetJobs());

  test("are `other`, said with the answer, and every figure adds up", async () => {
    const says = ["d", "a", "c", "b", LONG, "a"];
    const stories = says.map((said) => ({
      ...{ day: 0, says: [said], late: false, isDeleted: false },
    }));
    await leaveBehind(stories, [5, 3, 8, 1, 9, 2, 7], 2);
    const query = { from: at(0), to: at(86_400), step: "all", group_by: "metadata.team" };
    const answers = await ask(query, ["sessions_started"]);
    const { series = [], ...rest } = told(answers.get("sessions_started"));
    const groups = series.map(({ labels, total }) => [labels["metadata.team"], total]);
    expect(groups).toEqual([
      ["a", 2],
      ["b", 1],
      ["other", 3],
    ]);
    expect(rest).toMatchObject({ folded_days: 1, truncated_groups: 1 });
    const only = async (value: string) => {
      const asked = { from: at(0), to: at(86_400), step: "all", metadata: { team: value } };
      return (await ask(asked, ["sessions_started"])).get("sessions_started")?.series[0]?.total;
    };
    const totals = await Promise.all(["a", "b", "c", "d", LONG, "e"].map(only));
    expect(totals).toEqual([2, 1, 1, 1, 1, 0]);
  });

  test("are the same ones whatever came first, was changed, late or deleted", async () => {
    const fleet = fc.array(story, { minLength: 1, maxLength: 9 });
    const orders = fc.array(fc.nat(999), { minLength: 30, maxLength: 30 });
    await fc.assert(
      fc.asyncProperty(fleet, orders, orders, async (stories, one, other) => {
        await leaveBehind(stories, one, 2);
        const first = await kept();
        await leaveBehind(stories, other, 2);
        expect(await kept()).toEqual(first);
      }),
      { numRuns: runs(15) },
    );
  }, 240_000);
});
