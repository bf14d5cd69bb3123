import type Anthropic from "@anthropic-ai/sdk";
import { BILLING_WORK, type ConnectionJob } from "@/lib/connections/schema";
import { type ConnectionRow, readConnection } from "@/lib/connections/store";
import { nanosFromFractionalCents } from "@/lib/costs/billed";
import {
  type BilledRow,
  finishStretch,
  readBilledReport,
  readFirstStart,
  saveBilledError,
  saveBilledRows,
} from "@/lib/costs/billed-store";
import { prisma } from "@/lib/db/client";
import { logger } from "@/lib/http/logger";
import { erasedName } from "@/lib/ingest/gone-names";
import { readRetained } from "@/lib/ingest/seal-store";
import { billingFailure, nextBillingMs, type Stretch, stretchesToRead } from "./billing";
import type { Reader } from "./budget-store";
import { openAdminReader } from "./read-service";
import { isStopped } from "./session-service";
import { whenDue } from "./work-service";

const PAGE = 1_000;
const LEASE_MS = 60_000;
const AFTER_FAILURE_MS = 3_600_000;

/** History tells how far back to ask, and for which workspace: the report waits for it. */
export const hasBilling = ({ state, adminKeySealed }: ConnectionRow) =>
  state === "live" && adminKeySealed !== null;

/**
 * Once a day: what was billed for each session and day, by the cost report of the connection's
 * organization. A report that cannot be read stops nothing else; its reason is kept.
 */
export async function takeBilling(job: ConnectionJob): Promise<void> {
  const { workspace, connectionId } = job;
  const connection = await readConnection({ workspace, id: connectionId });
  if (!connection || !hasBilling(connection)) return;
  const reader = { workspace, connectionId };
  await whenDue(reader, { kind: BILLING_WORK, leaseMs: LEASE_MS }, async () => {
    try {
      return nextBillingMs(await readReport(connection), Date.now());
    } catch (error) {
      if (isStopped(error)) return 0;
      const message = billingFailure(error, new URL(connection.baseUrl).host);
      logger.warn({ connectionId, reason: message }, "cost report failed");
      await saveBilledError(reader, message);
      return AFTER_FAILURE_MS;
    }
  });
}

/** Reads what is to be read of the report; until when it is reported now, in ms. */
async function readReport(connection: ConnectionRow): Promise<number> {
  const of = { workspace: connection.workspace, connectionId: connection.id };
  const client = await openAdminReader(connection);
  const { since, reportedUntil } = (await readBilledReport(of)) ?? {};
  const stretches = stretchesToRead({
    firstMs: (await readFirstStart(of))?.getTime() ?? null,
    read:
      since && reportedUntil
        ? { sinceMs: since.getTime(), untilMs: reportedUntil.getTime() }
        : null,
    nowMs: Date.now(),
  });
  let untilMs = 0;
  for (const stretch of stretches) untilMs = await readStretch(client, connection, stretch);
  return untilMs;
}

async function readStretch(
  client: Anthropic,
  connection: ConnectionRow,
  stretch: Stretch,
): Promise<number> {
  const of = { workspace: connection.workspace, connectionId: connection.id };
  const readAt = new Date();
  const { remoteWorkspaceId } = connection;
  let page = await client.beta.organization.analytics.cost.list({
    starting_at: new Date(stretch.fromMs).toISOString(),
    ending_at: new Date(stretch.toMs).toISOString(),
    time_bucket_width: "1d",
    group_by: ["session_id"],
    products: ["managed_agents_api"],
    // An Admin key sees the whole organization, the connection one workspace of it.
    ...(remoteWorkspaceId === null ? {} : { workspace_ids: [remoteWorkspaceId] }),
    order_by: "time",
    order: "asc",
    limit: PAGE,
  });
  let untilMs = stretch.toMs;
  for (;;) {
    const refreshedMs = Date.parse(page.data_refreshed_at ?? "");
    untilMs = Math.min(untilMs, Number.isNaN(refreshedMs) ? readAt.getTime() : refreshedMs);
    await saveBilledRows(of, await withoutErased(of, page.data.map(rowOf)), readAt);
    if (!page.hasNextPage()) break;
    page = await page.getNextPage();
  }
  const [fromDay, toDay] = [dayText(stretch.fromMs), dayText(stretch.toMs)];
  await finishStretch(of, { fromDay, toDay, reportedUntil: new Date(untilMs), readAt });
  return untilMs;
}

/** What is billed for a session that was erased is kept under a name that is nobody's. */
async function withoutErased(of: Reader, rows: BilledRow[]): Promise<BilledRow[]> {
  const ids = [...new Set(rows.map(({ sessionId }) => sessionId))];
  const retained = await readRetained(prisma, of, ids);
  return rows.map((row) => {
    const how = retained.get(row.sessionId);
    return how?.how === "erased" ? { ...row, sessionId: erasedName(how.hash) } : row;
  });
}

type Item = Awaited<
  ReturnType<Anthropic["beta"]["organization"]["analytics"]["cost"]["list"]>
>["data"][number];

function rowOf({ starting_at, group, cost }: Item): BilledRow {
  const amountNanos = nanosFromFractionalCents(cost.amount);
  const listNanos = nanosFromFractionalCents(cost.list_amount);
  if (amountNanos === null || listNanos === null || cost.currency !== "USD")
    throw new Error(
      `The cost report has an amount that is no number of US cents: ${cost.amount} ${cost.currency}`,
    );
  const day = dayText(Date.parse(starting_at));
  return { day, sessionId: group.session_id ?? "", amountNanos, listNanos };
}

const dayText = (ms: number) => new Date(ms).toISOString().slice(0, 10);
