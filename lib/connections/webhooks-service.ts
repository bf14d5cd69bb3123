import { isoFromMicros } from "@/lib/time/micros";
import { GRACE_MS } from "./announced";
import { readDeliveries, readFailures } from "./delivery-store";
import { type AnnouncedRow, readAnnounced, readTold, readTypesSeen } from "./gap-store";
import { missedOf } from "./gaps";
import { KEPT_WEBHOOK_DAYS } from "./kept";
import { requireConnection } from "./service";
import type { ConnectionKey } from "./store";
import type {
  DeliveriesPage,
  FailuresPage,
  GapItem,
  Gaps,
  GapsQuery,
  WebhooksQuery,
} from "./webhook-schema";

/** Throws `not_found`. */
export async function listDeliveries(
  key: ConnectionKey,
  query: WebhooksQuery,
): Promise<DeliveriesPage> {
  await requireConnection(key);
  return readDeliveries(key, query);
}

/** Throws `not_found`. */
export async function listFailures(
  key: ConnectionKey,
  query: WebhooksQuery,
): Promise<FailuresPage> {
  await requireConnection(key);
  return readFailures(key, query);
}

const DAY_MS = 86_400_000;
/** Events that are compared at once; of a longer time the newest. */
const MOST_EVENTS = 50_000;
const MOST_MISSED = 200;

/**
 * Which webhooks did not come: events that polling stored and the platform announces, held against
 * the deliveries. Compared is only what can be known: since there is a secret, while deliveries are
 * kept, and until the last attempts are over. Throws `not_found`.
 */
export async function readGaps(
  key: ConnectionKey,
  asked: GapsQuery,
  now = new Date(),
): Promise<Gaps> {
  const { webhooksSince } = await requireConnection(key);
  const wantedTo = asked.to ?? now.getTime();
  const toMs = Math.min(wantedTo, now.getTime() - GRACE_MS);
  const fromMs = Math.max(
    asked.from ?? wantedTo - DAY_MS,
    now.getTime() - KEPT_WEBHOOK_DAYS * DAY_MS,
    webhooksSince?.getTime() ?? Number.POSITIVE_INFINITY,
  );
  if (fromMs >= toMs) return { ...NOTHING, from: null, to: null };
  const found = await readAnnounced(key, { fromMs, toMs }, MOST_EVENTS);
  const oldest = found.at(-1)?.atUs;
  const isCut = found.length === MOST_EVENTS && oldest !== undefined;
  const stretch = { fromMs: isCut ? Math.floor(oldest / 1000) : fromMs, toMs };
  const told = await readTold(key, stretch, GRACE_MS);
  const { expected, unknown } = sorted(found, await readTypesSeen(key));
  const missed = missedOf(expected, told);
  return {
    from: isoFromMicros(stretch.fromMs * 1000),
    to: isoFromMicros(toMs * 1000),
    expected: expected.length,
    came: expected.length - missed.length,
    missed: missed.slice(0, MOST_MISSED).map(itemOf),
    unknown,
  };
}

const NOTHING = { expected: 0, came: 0, missed: [], unknown: [] };

/**
 * Which types an endpoint was made for is known only by what comes. While nothing ever came, all
 * are expected: then it is the endpoint that is missing.
 */
function sorted(found: readonly AnnouncedRow[], seen: ReadonlySet<string>) {
  if (seen.size === 0) return { expected: found, unknown: [] };
  const counts = new Map<string, number>();
  for (const { type } of found) if (!seen.has(type)) counts.set(type, (counts.get(type) ?? 0) + 1);
  return {
    expected: found.filter(({ type }) => seen.has(type)),
    unknown: [...counts].map(([type, events]) => ({ type, events })),
  };
}

const itemOf = (row: AnnouncedRow): GapItem => ({
  session_id: row.sessionId,
  session_thread_id: row.threadId,
  event_id: row.id,
  event_type: row.eventType,
  type: row.type,
  at: isoFromMicros(row.atUs),
});
