import { isDeepStrictEqual } from "node:util";
import fc from "fast-check";
import { beforeAll, beforeEach, expect, it } from "vitest";
import { pool } from "@/lib/db/client";
import type { JsonObject } from "@/lib/ingest/schema";
import { truncateAll } from "@/tests/support/database";
import {
  type Arrival,
  arrivalOf,
  batchesOf,
  eventSoup,
  objectSoup,
  type SoupItem,
} from "@/tests/support/event-soup";
import { DC_07, HP_05, recordedItems } from "@/tests/support/recorded";
import { differences, keep, retain, send, totalsOf } from "@/tests/support/retention";
import { runs } from "@/tests/support/runs";
import { startWorker } from "@/tests/support/sync";

const SEEN = new Date("2027-01-10T12:00:00Z");
const LATER = new Date("2027-01-20T12:00:00Z");

beforeAll(async () => {
  await (await startWorker()).stop();
});
beforeEach(() => truncateAll());

let workspaces = 0;
async function newWorkspace(): Promise<string> {
  const id = `g${workspaces++}`;
  await pool().query("insert into workspace (id, name) values ($1, $1)", [id]);
  return id;
}

const atOf = ({ data }: SoupItem) => (data as JsonObject).processed_at as string | null | undefined;
const typeOf = ({ data }: SoupItem) => (data as JsonObject).type;

/** What a session says in its own words; they go with what retention drops. */
const WORDS = ["title", "errors", "outcome_detail", "day", "workspace", "facet_codes"];

/** All that is counted of a session: its row, its cells, its threads, and the totals they add up to. */
async function figuresOf(workspace: string) {
  const session = await pool().query(
    `select to_jsonb(s) - $2::text[] as row, st.rolled::jsonb as rolled
     from session s join session_state st using (workspace, session_id, connection_id)
     where workspace = $1`,
    [workspace, WORDS],
  );
  const cells = await pool().query(
    `select to_jsonb(c) - 'workspace' - 'observations' as cell, (select array_agg(o order by o) from unnest(observations) o) as o
     from session_cell c where workspace = $1 and (count, failed, denied, ms, nanos, input_tokens,
       cache_write_5m_tokens, cache_write_1h_tokens, cache_read_tokens, output_tokens, unpriced_tokens)
       <> (0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0) order by minute, family, key`,
    [workspace],
  );
  const totals = (await totalsOf(workspace)).map((row) => row.replaceAll(`"${workspace}"`, '"w"'));
  return { session: session.rows, cells: cells.rows, totals };
}

type Policy = { content: number; events: number; spans: number | null };

/** Sends what was before, drops it, sends the rest, and compares that with a session that was never sealed. */
async function expectTwins(
  id: string,
  { before, rest }: { before: SoupItem[]; rest: SoupItem[] },
  { arrival, policy, again = 0 }: { arrival: Arrival; policy: Policy; again?: number },
): Promise<{ late: SoupItem[] }> {
  const [workspace, twin] = [await newWorkspace(), await newWorkspace()];
  await send(id, before, { workspace, now: SEEN });
  await send(id, before, { workspace: twin, now: SEEN });
  const was = await figuresOf(workspace);
  await keep(policy, { workspace });
  expect((await retain(SEEN, workspace)).counts).toMatchObject({ events: 1, kept: 0 });
  expect(await differences(workspace)).toEqual([]);
  expect(await figuresOf(workspace)).toEqual(was);
  const late = new Set<SoupItem>();
  const batches = batchesOf(rest, arrival);
  for (const [n, batch] of batches.entries()) {
    const answer = await send(id, batch, { workspace, now: LATER });
    for (const { index, code } of answer.rejected) {
      expect(code).toBe("retained");
      if (batch[index] && rest.includes(batch[index])) late.add(batch[index]);
    }
    expect(await differences(workspace)).toEqual([]);
    // Dropped again on the way, it goes on again.
    if (n < again) await retain(LATER, workspace);
    await send(
      id,
      batch.filter((item) => !isLate(item, answer, batch)),
      { workspace: twin, now: LATER },
    );
  }
  expect(await figuresOf(workspace)).toEqual(await figuresOf(twin));
  expect(await differences(workspace)).toEqual([]);
  expect(await differences(twin)).toEqual([]);
  // What was dropped, sent once more, changes nothing.
  await send(id, before, { workspace, now: LATER });
  expect(await figuresOf(workspace)).toEqual(await figuresOf(twin));
  expect(await differences(workspace)).toEqual([]);
  return { late: [...late] };
}

const isLate = (
  item: SoupItem,
  { rejected }: Awaited<ReturnType<typeof send>>,
  batch: readonly SoupItem[],
) => rejected.some(({ index }) => isDeepStrictEqual(batch[index], item));

/** Cuts a session's items at an idle of its own: the instant, and what was up to it and after it. */
function cutAt(items: readonly SoupItem[], at: string) {
  const isBefore = (item: SoupItem) => item.kind === "event" && (atOf(item) ?? "") <= at;
  return { before: items.filter(isBefore), rest: items.filter((item) => !isBefore(item)) };
}

const idlesIn = (items: readonly SoupItem[]) =>
  items.flatMap((item) => (typeOf(item) === "session.status_idle" ? (atOf(item) ?? []) : []));

const policy: fc.Arbitrary<Policy> = fc.constantFrom(
  { content: 7, events: 7, spans: 7 },
  { content: 7, events: 7, spans: null },
);

it.each([HP_05, DC_07] as const)(
  "the recorded session %s goes on at any of its idles as if nothing had been dropped",
  async (sessionId) => {
    const items = recordedItems(sessionId);
    const idles = idlesIn(items);
    expect(idles.length).toBeGreaterThan(0);
    const cuts = fc.tuple(fc.constantFrom(...idles), policy, fc.nat(1)).chain(([at, kept, n]) => {
      const { before, rest } = cutAt(items, at);
      // The model is known from the beginning; what else objects tell comes before or after.
      const known = rest.filter(({ kind }) => kind === "session" || (kind === "thread" && n === 0));
      return arrivalOf(rest.length).map((arrival) => ({
        ...{ before: [...before, ...known], rest, arrival, policy: kept },
      }));
    });
    await fc.assert(
      fc.asyncProperty(cuts, async ({ before, rest, ...how }) => {
        const { late } = await expectTwins(sessionId, { before, rest }, how);
        expect(late.filter(({ kind }) => kind === "event")).toEqual([]);
      }),
      { numRuns: runs(12), interruptAfterTimeLimit: 60_000 },
    );
  },
  90_000,
);

const SOUP = "sesn_soup";
/** Items by which it can be told how many of them are late. */
const ENOUGH = 50;

/** Prices that change are another test's. */
function ofOneModel(item: SoupItem): SoupItem {
  const data = item.data as JsonObject;
  if (item.kind === "event") return item;
  return { ...item, data: { ...data, agent: { ...(data.agent as JsonObject), model: MODEL } } };
}
const MODEL = { id: "claude-haiku-4-5" };
const described: SoupItem = {
  ...{ kind: "session", threadId: null },
  data: {
    ...{ id: SOUP, type: "session", status: "idle", agent: { id: "agent_1", version: 1 } },
    ...{ created_at: "2026-09-05T04:00:00Z", updated_at: "2026-09-05T03:00:00Z" },
  },
};

it("arbitrary sessions go on at any idle as if nothing had been dropped", async () => {
  const soup = fc
    .tuple(eventSoup, objectSoup(SOUP), objectSoup(SOUP), policy, fc.nat(2))
    .chain(([events, known, objects, kept, again]) => {
      const ids = new Set<unknown>();
      // Another version of an event that is dropped is one of those that are late.
      const idle = {
        type: "session.status_idle",
        stop_reason: { type: "end_turn" },
        id: "sevt_idle",
      };
      const at = "2026-09-05T04:00:12.000Z";
      const own: SoupItem = { kind: "event", threadId: "", data: { ...idle, processed_at: at } };
      const queued = events.filter((item) => atOf(item) === null);
      const timed = [own, ...events.filter((item) => atOf(item) !== null)];
      const { before, rest } = cutAt(timed, at);
      for (const { data } of [...before, ...queued]) ids.add((data as JsonObject).id);
      const later = rest.filter(({ data }) => {
        const { id } = data as JsonObject;
        return !ids.has(id) && ids.add(id);
      });
      const all = [...later, ...objects].map(ofOneModel);
      return arrivalOf(all.length).map((arrival) => ({
        ...{ before: [...before, ...queued, ...[described, ...known].map(ofOneModel)], rest: all },
        ...{ arrival, policy: kept, again },
      }));
    });
  const seen = { late: 0, taken: 0 };
  await fc.assert(
    fc.asyncProperty(soup, async ({ before, rest, ...how }) => {
      const { late } = await expectTwins(SOUP, { before, rest }, how);
      // Late is only what speaks of something that both began and ended before, and after another
      // drop on the way what was before that.
      if (how.again > 0) return;
      const names = before.map(({ data }) => (data as JsonObject).id);
      for (const item of late.filter(({ kind }) => kind === "event"))
        expect(PARTNERS.map((key) => (item.data as JsonObject)[key])).toSatisfy(
          (partners: unknown[]) => partners.some((one) => one && names.includes(one)),
        );
      seen.late += late.length;
      seen.taken += rest.length - late.length;
    }),
    { numRuns: runs(60), interruptAfterTimeLimit: 120_000 },
  );
  // Where there are only some runs, or little time, chance alone may make it otherwise.
  if (seen.taken + seen.late >= ENOUGH) expect(seen.taken).toBeGreaterThan(seen.late * 4);
}, 180_000);

/** Where an event names the one it belongs to. */
const PARTNERS = [
  ...["tool_use_id", "custom_tool_use_id", "model_request_start_id"],
  ...["outcome_evaluation_start_id", "phase_started_id"],
];
