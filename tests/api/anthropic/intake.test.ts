import { beforeEach, expect, it } from "vitest";
import { takeTogether } from "@/lib/anthropic/intake-service";
import { pool } from "@/lib/db/client";
import type { RawItem } from "@/lib/ingest/schema";
import { truncateAll } from "@/tests/support/database";
import { eventObject } from "@/tests/support/platform/objects";

const reader = { workspace: "default", connectionId: "conn_1" };

beforeEach(() => truncateAll());

function itemsOf(session: string, events: number): RawItem[] {
  return Array.from({ length: events }, (_, at) => ({
    index: 0,
    kind: "event" as const,
    sessionId: session,
    threadId: null,
    data: eventObject(
      `sevt_${session}_${at}`,
      "agent.message",
      `10:00:${String(at).padStart(2, "0")}`,
    ),
  }));
}

it("has stored what it was given when it says so, and so for each of many at once", async () => {
  const take = takeTogether(reader);
  const stored = await Promise.all(
    Array.from({ length: 40 }, async (_, at) => {
      const session = `sesn_${at}`;
      await take(itemsOf(session, at));
      const { rows } = await pool().query<{ events: number }>(
        "select count(*)::int as events from event where session_id = $1",
        [session],
      );
      return rows[0]?.events;
    }),
  );
  expect(stored).toEqual(Array.from({ length: 40 }, (_, at) => at));
  // In fewer transactions than readings: what came meanwhile went together.
  const { rows } = await pool().query<{ times: number }>(
    "select count(distinct received_at)::int as times from event",
  );
  expect(rows[0]?.times).toBeLessThan(20);
});
