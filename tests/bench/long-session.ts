import { setTimeout as sleep } from "node:timers/promises";
import { simulateLongSession } from "@/lib/demo/long";
import type { DemoSession, ListedEvent } from "@/lib/demo/schema";
import { checked } from "./client";
import { type Product, withDatabase } from "./product";

export type LongSession = {
  id: string;
  agent: string;
  /** Its next events in order, not sent yet. */
  held: ListedEvent[];
  /** The instants between which its events lie. */
  fromMs: number;
  toMs: number;
};

/** Events of each long session that are kept back for sending one by one. */
export const HELD = 300;
const BATCH = 1_000;

const sent = new WeakMap<Product, Map<number, Promise<LongSession>>>();

/** A session of about `events` stored events, sent once to each installation. */
export function longSession(product: Product, events: number): Promise<LongSession> {
  const known = sent.get(product) ?? new Map<number, Promise<LongSession>>();
  sent.set(product, known);
  const found = known.get(events) ?? send(product, events);
  known.set(events, found);
  return found;
}

async function send(product: Product, events: number): Promise<LongSession> {
  const simulated = simulateLongSession({
    seed: `bench/${events}`,
    events: events + HELD,
    nowUs: Date.now() * 1000,
  });
  const ordered = inOrder(simulated);
  const held = ordered.splice(-HELD);
  const { session, threads, agents = [] } = simulated;
  const begun = { ...session, status: "running", updated_at: session.created_at, usage: {} };
  await post(product, { agents, sessions: [begun], threads });
  for (let i = 0; i < ordered.length; i += BATCH)
    await post(product, { events: ordered.slice(i, i + BATCH) });
  await untilAnalyzed(product);
  const at = (event: ListedEvent | undefined) => Date.parse(event?.event.processed_at ?? "");
  const { id, agent } = session;
  return { id, agent: agent.id, held, fromMs: at(ordered[0]), toMs: at(ordered.at(-1)) };
}

/** Statistics come by themselves some seconds after a load; what is read before that is not what is measured. */
async function untilAnalyzed(product: Product): Promise<void> {
  await withDatabase(product.databaseUrl, async (client) => {
    for (let i = 0; i < 60; i++) {
      const { rows } = await client.query(
        "select 1 from pg_stat_user_tables where relname ~ '^(span|event)_' and n_live_tup > 1000 and n_mod_since_analyze > n_live_tup / 2",
      );
      if (rows.length === 0) return;
      await sleep(1_000);
    }
  });
}

/** By time, those without one left out. */
function inOrder({ events }: DemoSession): ListedEvent[] {
  const timed = events.filter((event) => event.event.processed_at);
  const at = (event: ListedEvent) => event.event.processed_at ?? "";
  return timed.sort((a, b) => (at(a) < at(b) ? -1 : at(a) > at(b) ? 1 : 0));
}

export async function post(product: Product, body: object): Promise<number> {
  const text = JSON.stringify(body);
  const answer = checked(await product.client.post("/api/v1/ingest", text), "ingest");
  const counts = JSON.parse(answer.body.toString());
  if (counts.rejected.length > 0) throw new Error(`rejected: ${counts.rejected[0].message}`);
  return answer.ms;
}
