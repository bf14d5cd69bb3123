import fc from "fast-check";
import { beforeAll, expect, it } from "vitest";
import { pool } from "@/lib/db/client";
import { KINDS } from "@/lib/retention/schema";
import { truncateAll } from "@/tests/support/database";
import { eventSoup, objectSoup, type SoupItem } from "@/tests/support/event-soup";
import { differences, keep, retain, send, totalsOf } from "@/tests/support/retention";

beforeAll(() => truncateAll());

const DAY_MS = 86_400_000;
/** What the soup tells happened on 5 September 2026. */
const FIRST_SEEN = new Date("2026-09-06T12:00:00Z");
let workspaces = 0;

const days = fc.option(fc.integer({ min: 1, max: 20 }), { nil: null, freq: 4 });
/** In order, as the API takes it. */
const policy = fc.tuple(days, days, days, days).map((four) => {
  const [content, events, spans, sessions] = [...four].sort((a, b) => (a ?? 1e9) - (b ?? 1e9));
  return { content, events, spans, sessions } as Record<
    "content" | "events" | "spans" | "sessions",
    number | null
  >;
});

const IDS = ["sesn_a", "sesn_b", "sesn_c"];
const session = fc.record({
  id: fc.constantFrom(...IDS),
  connectionId: fc.constantFrom("", "conn_1", "conn_2"),
  events: eventSoup,
  later: eventSoup,
});

const IS_GONE = `select 1 where not exists (select from session where workspace = $1
  and connection_id = $2 and session_id = $3)`;
const IS_SEALED = `select 1 from session_seal where workspace = $1 and connection_id = $2
  and session_id = $3 and events_at is not null`;

/** Moves what happened to another time, so that late events are later than all that was known. */
function moved(items: readonly SoupItem[], byMs: number, prefix: string): SoupItem[] {
  return items.map((item) => {
    const data = item.data as Record<string, unknown>;
    if (item.kind !== "event") return item;
    const at = typeof data.processed_at === "string" ? Date.parse(data.processed_at) : Number.NaN;
    const processed_at = Number.isNaN(at) ? data.processed_at : new Date(at + byMs).toISOString();
    return { ...item, data: { ...data, id: `${prefix}${data.id}`, processed_at } };
  });
}

it("drops what is due of arbitrary sessions, and no total changes but by what happens later", async () => {
  const runs = fc.array(fc.integer({ min: 0, max: 25 }), { minLength: 1, maxLength: 3 });
  const dropped = { content: 0, events: 0, spans: 0, sessions: 0 };
  await fc.assert(
    fc.asyncProperty(
      fc.array(session, { minLength: 1, maxLength: 4 }),
      fc.tuple(objectSoup("sesn_a"), objectSoup("sesn_b"), objectSoup("sesn_c")),
      fc.tuple(policy, policy, policy),
      runs,
      async (sessions, objects, [byDefault, pushed, own], ages) => {
        const workspace = `r${workspaces++}`;
        await pool().query("insert into workspace (id, name) values ($1, $1)", [workspace]);
        const of = (connectionId: string, now: Date) => ({ workspace, connectionId, now });
        for (const { id, connectionId, events } of sessions) {
          const described = objects[IDS.indexOf(id)] ?? [];
          await send(id, [...events, ...described], of(connectionId, FIRST_SEEN));
        }
        let before = await totalsOf(workspace);
        expect(await differences(workspace)).toEqual([]);
        await keep({ ...byDefault }, { workspace, pushed, connections: { conn_1: own } });
        for (const age of [...ages].sort((a, b) => a - b)) {
          const now = new Date(FIRST_SEEN.getTime() + age * DAY_MS);
          const run = await retain(now, workspace).catch((error: Error) => {
            expect(error.message).toMatch(/kept for ever/);
            return null;
          });
          for (const kind of KINDS) dropped[kind] += run?.counts[kind] ?? 0;
          expect(run?.counts.kept ?? 0).toBe(0);
          expect(await differences(workspace)).toEqual([]);
          expect(await totalsOf(workspace)).toEqual(before);
          for (const { id, connectionId, events, later } of sessions) {
            const known = [workspace, connectionId, id];
            const isGone = (await pool().query(IS_GONE, known)).rowCount !== 0;
            const isSealed = (await pool().query(IS_SEALED, known)).rowCount !== 0;
            const news = moved(later, 30 * DAY_MS, `late_${age}_`);
            const items = [...events, ...(isGone ? news : [])];
            const answer = await send(id, items, of(connectionId, now));
            if (isGone || isSealed) expect(answer).toMatchObject({ accepted: 0, updated: 0 });
            expect(await totalsOf(workspace)).toEqual(before);
            if (!isSealed) continue;
            await send(id, news, of(connectionId, now));
            before = await totalsOf(workspace);
          }
          expect(await differences(workspace)).toEqual([]);
        }
      },
    ),
    { numRuns: 40 },
  );
  for (const kind of KINDS) expect([kind, dropped[kind] > 0]).toEqual([kind, true]);
}, 300_000);
