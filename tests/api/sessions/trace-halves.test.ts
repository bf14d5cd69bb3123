import { beforeAll, expect, it } from "vitest";
import { TraceQuery } from "@/lib/sessions/query-schema";
import type { SpanItem } from "@/lib/sessions/schema";
import { readTrace } from "@/lib/sessions/trace-store";
import { isoFromMicros } from "@/lib/time/micros";
import { truncateAll } from "@/tests/support/database";
import { LONG, LONG_START_US, longSession, TURN_US } from "@/tests/support/long-session";
import { storeItems } from "@/tests/support/stored";

const TURNS = 400;
beforeAll(async () => {
  await truncateAll();
  await storeItems(LONG, longSession(TURNS));
});

/** All of a range, by pages of that size. */
async function readBy(limit: number, range: { from?: string } = {}): Promise<SpanItem[]> {
  const found: SpanItem[] = [];
  for (let cursor: string | undefined; ; ) {
    const query = TraceQuery.parse({ ...range, limit, ...(cursor ? { cursor } : {}) });
    const page = await readTrace("default", { id: LONG }, query);
    found.push(...page.data);
    if (page.next_cursor === null) return found;
    cursor = page.next_cursor;
  }
}

it.each([
  ["the whole", {}],
  ["a window that a turn reaches into", { from: isoFromMicros(LONG_START_US + 2.2 * TURN_US) }],
])("%s is the same by pages that are read in halves", async (_, range) => {
  const expected = await readBy(200, range);
  expect(expected.length).toBeGreaterThan(1_150);
  for (const limit of [501, 700, 1_001, 2_000])
    expect(await readBy(limit, range)).toEqual(expected);
});
