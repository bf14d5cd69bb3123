import { beforeEach, expect, test } from "vitest";
import { prisma } from "@/lib/db/client";
import { fillDemo } from "@/lib/demo/service";
import { refoldOutdated } from "@/lib/ingest/refold-service";
import { acceptItems } from "@/lib/ingest/service";
import { verifyWorkspace } from "@/lib/ingest/verify-service";
import { MetricsQuery } from "@/lib/metrics/query-schema";
import { readMetrics } from "@/lib/metrics/query-service";
import { truncateAll } from "@/tests/support/database";
import { HP_05, recordedItems } from "@/tests/support/recorded";

beforeEach(async () => {
  await truncateAll();
  const items = recordedItems(HP_05).map((item, index) => ({ ...item, index, sessionId: HP_05 }));
  const origin = { workspace: "default", connectionId: "", source: "import" as const };
  await acceptItems(origin, items, [], new Date("2026-11-20T12:00:00Z"));
});

async function found(): Promise<string[]> {
  const what: string[] = [];
  await verifyWorkspace("default", (difference) => what.push(difference.what));
  return what;
}

test("finds nothing where nothing was touched", async () => {
  expect(await found()).toEqual([]);
});

test.each([
  ["a total", "update session set tool_calls = tool_calls + 1", "tool_calls"],
  ["a cost", "update session set computed_nanos = 1", "computed_nanos"],
  [
    "an instant",
    "update session set settled_at = settled_at + interval '1 microsecond'",
    "settled_at",
  ],
  [
    "a lost span",
    "delete from span where kind = 'turn' and name = 'turn 2' and thread_id = ''",
    "span",
  ],
  ["a span's tokens", "update span set output_tokens = 0 where output_tokens = 320", "span"],
])("finds %s that does not follow from the events", async (_, sql, what) => {
  await prisma.$executeRawUnsafe(sql);
  expect(await found()).toEqual([expect.stringContaining(what)]);
});

test("looks at every event of many sessions, and finds the one that was touched", async () => {
  await fillDemo(
    "default",
    { seed: "verify", days: 2, sessions: 90 },
    Date.parse("2026-11-20T12:00:00Z") * 1000,
    () => {},
  );
  const last = await prisma.session.findFirstOrThrow({ orderBy: { sessionId: "desc" } });
  await prisma.$executeRaw`
    update session set turns = turns + 1 where session_id = ${last.sessionId}`;
  const differences: string[] = [];
  const count = await verifyWorkspace("default", ({ sessionId, what }) =>
    differences.push(`${sessionId} ${what}`),
  );
  expect(differences).toEqual([`${last.sessionId} turns`]);
  expect(count).toEqual({
    sessions: await prisma.session.count(),
    events: await prisma.event.count(),
  });
}, 60_000);

test("what an older fold has left behind is derived anew, and metrics say that it is not yet", async () => {
  const now = new Date("2026-11-20T13:00:00Z");
  const known = async () => {
    const query = MetricsQuery.parse({ metric: "cost", from: "2026-01-01T00:00:00Z", step: "all" });
    const [result] = (await readMetrics("default", query, { now })).results;
    return { until: result?.complete_until, outdated: result?.outdated_sessions };
  };
  expect(await known()).toEqual({ until: now.toISOString(), outdated: 0 });
  await prisma.$executeRaw`
    update session_state set fold_version = 0, fold = (fold::jsonb || '{"session": {}}')::json`;
  await prisma.$executeRaw`update session set turns = 99, computed_nanos = 0`;
  await prisma.$executeRaw`update span set name = 'old'`;
  const { startedAt } = await prisma.session.findFirstOrThrow();
  expect(await known()).toEqual({ until: startedAt?.toISOString(), outdated: 1 });
  expect(await refoldOutdated(now)).toBe(1);
  expect(await found()).toEqual([]);
  expect(await known()).toEqual({ until: now.toISOString(), outdated: 0 });
  expect(await refoldOutdated(now)).toBe(0);
});
