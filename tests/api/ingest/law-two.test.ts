import { expect, test } from "vitest";
import { prisma } from "@/lib/db/client";
import { simulateFleet } from "@/lib/demo/simulate";
import { env } from "@/lib/env";
import { acceptItems } from "@/lib/ingest/service";
import { bearer } from "@/tests/support/api";
import { fingerprint } from "@/tests/support/fingerprint";
import { startServer, type TestServer } from "@/tests/support/server";

const NOW = new Date("2026-11-20T12:00:00Z");
const BATCH = 40;
const SENDERS = 4;

type Sent = { session_id: string; session_thread_id: string | null; event: { id: string } };

/** Each sender's batches, in the order in which it sends them. */
function batches(): Sent[][][] {
  const lists: Sent[][] = Array.from({ length: SENDERS }, () => []);
  const options = { seed: "law-2", days: 3, sessions: 50, nowUs: NOW.getTime() * 1000 };
  let n = 0;
  for (const demo of simulateFleet(options)) lists[n++ % SENDERS]?.push(...demo.events);
  return lists.map((events) => {
    const cut: Sent[][] = [];
    for (let from = 0; from < events.length; from += BATCH)
      cut.push(events.slice(from, from + BATCH));
    return cut;
  });
}

async function post(server: TestServer, headers: object, events: Sent[]): Promise<boolean> {
  const answer = await fetch(`${server.url}/api/v1/ingest`, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify({ events }),
  }).catch(() => null);
  if (answer === null) return false;
  await answer.arrayBuffer().catch(() => null);
  return answer.status === 200;
}

const keyOf = (sent: Sent) => `${sent.session_id} ${sent.session_thread_id ?? ""} ${sent.event.id}`;

test("law 2: kill -9 under load loses nothing that was acknowledged, and a replay makes it whole", async () => {
  const key = await bearer("ingest");
  const all = batches();
  const server = await startServer({ databaseUrl: env.DATABASE_URL ?? "" });
  const acknowledged: string[] = [];
  let answers = 0;
  let refused = 0;
  const killAfter = Math.floor(all.flat().length / 3);
  await Promise.all(
    all.map(async (list) => {
      for (const events of list) {
        if (await post(server, key, events)) acknowledged.push(...events.map(keyOf));
        else refused++;
        if (++answers === killAfter) void server.kill();
      }
    }),
  );
  // The kill came while others were being answered, or this test shows nothing.
  expect(acknowledged.length).toBeGreaterThan(BATCH * SENDERS);
  expect(refused).toBeGreaterThan(SENDERS);

  const stored = await prisma.event.findMany({
    select: { sessionId: true, threadId: true, id: true },
  });
  const present = new Set(stored.map((row) => `${row.sessionId} ${row.threadId} ${row.id}`));
  expect(acknowledged.filter((event) => !present.has(event))).toEqual([]);

  const again = await startServer({ databaseUrl: env.DATABASE_URL ?? "" });
  for (const list of all)
    for (const events of list) expect(await post(again, key, events)).toBe(true);
  await again.stop();

  const items = all.flat(2).map((sent, index) => ({
    index,
    kind: "event" as const,
    sessionId: sent.session_id,
    threadId: sent.session_thread_id,
    data: sent.event,
  }));
  const origin = { workspace: "reference", connectionId: "", source: "push" as const };
  await acceptItems(origin, items, [], NOW);
  const reference = await fingerprint(prisma, "reference");
  const replayed = await fingerprint(prisma, "default");
  for (const table of ["event", "span", "session"])
    expect(replayed[table], table).toEqual(reference[table]);
}, 240_000);
