import fc from "fast-check";
import { expect, it } from "vitest";
import { pool, prisma } from "@/lib/db/client";
import type { RawItem } from "@/lib/ingest/schema";
import { acceptItems } from "@/lib/ingest/service";
import { type Difference, verifyWorkspace } from "@/lib/ingest/verify-service";
import { eventSoup, objectSoup, type SoupItem } from "@/tests/support/event-soup";
import { fingerprint } from "@/tests/support/fingerprint";
import { runs } from "@/tests/support/runs";

const NOW = new Date("2026-11-20T12:00:00Z");
const SESSIONS = 8;
let workspaces = 0;

type Item = SoupItem & { sessionId: string };
type Sent = { sender: string; items: Item[] };

const numbered = (items: readonly Item[]) =>
  items.map((item, index): RawItem => ({ ...item, index }));

const take = (workspace: string, { sender, items }: Sent) =>
  acceptItems({ workspace, connectionId: "", source: "push", sender }, numbered(items), [], NOW);

const sessionsOf = fc
  .tuple(...Array.from({ length: SESSIONS }, (_, at) => itemsOf(`sesn_${at}`)))
  .map((lists) => lists.flat());

function itemsOf(sessionId: string): fc.Arbitrary<Item[]> {
  return fc
    .tuple(eventSoup, objectSoup(sessionId))
    .map((lists) => lists.flat().map((item) => ({ ...item, sessionId })));
}

/** Each request with a few items of a session or two, some of which others bring as well; one with nonsense. */
const requestsOf = (items: readonly Item[]): fc.Arbitrary<Sent[]> =>
  fc
    .array(
      fc.tuple(fc.nat(6), fc.array(fc.nat(items.length - 1), { minLength: 1, maxLength: 4 })),
      {
        minLength: 30,
        maxLength: 40,
      },
    )
    .map((drawn) => {
      const sent = drawn.map(([sender, picked]) => ({
        sender: `sender ${sender}`,
        items: picked.flatMap((at) => items[at] ?? []),
      }));
      // What nobody has drawn comes too.
      const all = sent.flatMap((one) => one.items);
      const left = items.filter((item) => !all.includes(item));
      for (const [at, item] of left.entries()) sent[at % sent.length]?.items.push(item);
      return sent;
    });

const NONSENSE: Item = {
  kind: "event",
  threadId: "",
  data: { type: 7 },
  sessionId: "sesn_0",
} as never;

it("leaves the same rows, and tells each sender of its own items, however many requests are written at once", async () => {
  const sent = sessionsOf.chain((items) =>
    requestsOf(items).map((requests) => ({ items, requests })),
  );
  const total = { requests: 0, transactions: 0 };
  await fc.assert(
    fc.asyncProperty(sent, async ({ items, requests }) => {
      const [alone, together] = [`w${workspaces++}`, `w${workspaces++}`];
      await take(alone, { sender: "one", items });
      const all = requests.map((one, at) =>
        at === 3 ? { ...one, items: [NONSENSE, ...one.items] } : one,
      );
      const answers = await Promise.all(all.map((one) => take(together, one)));
      for (const [at, { accepted, duplicates, updated, rejected }] of answers.entries()) {
        expect(accepted + duplicates + updated + rejected.length).toBe(all[at]?.items.length);
        expect(rejected.map(({ index }) => index)).toEqual(at === 3 ? [0] : []);
      }
      expect(await fingerprint(prisma, together)).toEqual(await fingerprint(prisma, alone));
      const found: Difference[] = [];
      await verifyWorkspace(together, (difference) => found.push(difference));
      expect(found).toEqual([]);
      total.requests += requests.length;
      total.transactions += await transactionsOf(together);
    }),
    { numRuns: runs(4), endOnFailure: true },
  );
  // Or nothing was written at once.
  expect(total.transactions).toBeLessThan(total.requests * 0.75);
});

/** In how many transactions events were stored. */
async function transactionsOf(workspace: string): Promise<number> {
  const { rows } = await pool().query<{ count: number }>(
    "select count(distinct xmin::text)::int as count from event where workspace = $1",
    [workspace],
  );
  return rows[0]?.count ?? 0;
}
