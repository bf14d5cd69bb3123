import fc from "fast-check";
import { expect, test } from "vitest";
import { prisma } from "@/lib/db/client";
import { simulateFleet } from "@/lib/demo/simulate";
import { acceptItems } from "@/lib/ingest/service";
import { type Difference, verifyWorkspace } from "@/lib/ingest/verify-service";
import { addUp } from "@/lib/metrics/rollup-service";
import {
  type Arrival,
  arrivalOf,
  batchesOf,
  eventSoup,
  objectSoup,
  type SoupItem,
} from "@/tests/support/event-soup";
import { fingerprint } from "@/tests/support/fingerprint";
import { DC_07, HP_05, recordedItems } from "@/tests/support/recorded";
import { runs } from "@/tests/support/runs";

const NOW = new Date("2026-11-20T12:00:00Z");
let workspaces = 0;

/** Sends batches into a workspace of their own and returns what they leave behind. */
async function left(
  sessionId: string,
  batches: SoupItem[][],
  workspace = `w${workspaces++}`,
): Promise<Record<string, string[]>> {
  for (const batch of batches) {
    const items = batch.map((item, index) => ({ ...item, index, sessionId }));
    const origin = { workspace, connectionId: "", source: "push" as const };
    const answer = await acceptItems(origin, items, [], NOW);
    expect(answer.rejected).toEqual([]);
    // Some differences are added up between two batches, some are still waiting when all is compared.
    if (batch.length % 3 === 0) await addUp(NOW, 50);
  }
  return fingerprint(prisma, workspace);
}

/** What deriving everything again from the stored events finds to be different. */
async function differences(workspace: string): Promise<Difference[]> {
  const found: Difference[] = [];
  await verifyWorkspace(workspace, (difference) => found.push(difference));
  return found;
}

async function expectSame(sessionId: string, items: SoupItem[], arrivals: Arrival[]) {
  const workspace = `w${workspaces++}`;
  const reference = await left(sessionId, [items], workspace);
  expect(await differences(workspace)).toEqual([]);
  for (const arrival of arrivals) {
    const other = `w${workspaces++}`;
    const print = await left(sessionId, batchesOf(items, arrival), other);
    for (const table of Object.keys(reference))
      expect(print[table], table).toEqual(reference[table]);
    expect(await differences(other)).toEqual([]);
  }
}

const withArrivals = (items: SoupItem[]) =>
  fc.tuple(fc.constant(items), fc.array(arrivalOf(items.length), { minLength: 2, maxLength: 2 }));

const SOUP = "sesn_soup";
const soup = fc
  .tuple(eventSoup, objectSoup(SOUP))
  .chain(([events, objects]) => withArrivals([...events, ...objects]));

test("law 1: any order, split, repetition and late processed_at of arbitrary events leaves the same rows", async () => {
  await fc.assert(
    fc.asyncProperty(soup, ([items, arrivals]) => expectSame(SOUP, items, arrivals)),
    { numRuns: runs(120), interruptAfterTimeLimit: 60_000 },
  );
}, 90_000);

test.each([HP_05, DC_07] as const)(
  "law 1 holds for the recorded session %s",
  async (sessionId) => {
    const items = recordedItems(sessionId);
    await fc.assert(
      fc.asyncProperty(withArrivals(items), ([all, arrivals]) =>
        expectSame(sessionId, all, arrivals),
      ),
      { numRuns: runs(12), interruptAfterTimeLimit: 30_000 },
    );
  },
  60_000,
);

test("law 1 holds for simulated sessions of every kind", async () => {
  const options = { seed: "law-1", days: 2, sessions: 40, nowUs: NOW.getTime() * 1000 };
  const sessions = [...simulateFleet(options)].filter((demo) => demo.events.length <= 400);
  expect(sessions.length).toBeGreaterThan(25);
  for (const demo of sessions) {
    const items: SoupItem[] = [
      { kind: "session", threadId: null, data: demo.session },
      ...demo.threads.map((data): SoupItem => ({ kind: "thread", threadId: null, data })),
      ...demo.events.map(
        (entry): SoupItem => ({
          kind: "event",
          threadId: entry.session_thread_id,
          data: entry.event,
        }),
      ),
    ];
    const arrivals = fc.sample(arrivalOf(items.length), { numRuns: 1, seed: items.length });
    await expectSame(demo.session.id, items, arrivals);
  }
}, 90_000);
