import { record } from "@/lib/audit/service";
import { newId } from "@/lib/auth/secrets";
import { PATIENT, prisma } from "@/lib/db/client";
import { AppError } from "@/lib/http/errors";
import { enqueue } from "@/lib/jobs/queue";
import { lockPrices, readCurrentBook } from "./prices-store";
import {
  MOST_PARTS,
  type NewRepricing,
  REPRICE_TASK,
  type RepricingDetail,
  type RepricingItem,
  RepricingKind,
  RepricingState,
  type RepricingsAnswer,
} from "./repricing-schema";
import {
  countOtherwisePriced,
  endRepricings,
  type RepricingKey,
  type RepricingRow,
  readAgents,
  readDays,
  readLastRepricing,
  readRepricing,
  readWhole,
  saveRepricing,
} from "./repricing-store";

const MOST_COUNTED = 100_000;

async function itemOf(row: RepricingRow): Promise<RepricingItem> {
  return {
    id: row.id,
    kind: RepricingKind.parse(row.kind),
    state: RepricingState.parse(row.state),
    version: row.version,
    sessions: row.sessions ?? 0,
    done: row.done,
    changed: row.changed,
    kept: row.kept,
    ...(await readWhole(row)),
    created_at: row.createdAt.toISOString(),
    finished_at: row.finishedAt?.toISOString() ?? null,
  };
}

/** How much of history has other prices than now hold, and how the last re-pricing went. */
export async function readRepricings(workspace: string): Promise<RepricingsAnswer> {
  const { version } = await readCurrentBook(prisma, workspace);
  const last = await readLastRepricing(workspace);
  const waiting =
    (last && leftOf(last)) ??
    (await countOtherwisePriced(workspace, version, { limit: MOST_COUNTED }));
  return { waiting, last: last && (await itemOf(last)) };
}

/** What is left while it is at work, which is asked for often; null where only counting can tell. */
function leftOf({ kind, state, sessions, done }: RepricingRow): number | null {
  if (state !== "working" || sessions === null) return null;
  return Math.min(MOST_COUNTED, kind === "preview" ? sessions : sessions - done);
}

/** Has the worker begin. A preview under way gives way; throws `conflict` while a run is. */
export async function startRepricing(
  workspace: string,
  { kind }: NewRepricing,
  now = new Date(),
): Promise<RepricingItem> {
  const row = await prisma.$transaction(async (tx) => {
    // One at a time, and of the version that holds.
    await lockPrices(tx, workspace);
    const last = await readLastRepricing(workspace, tx);
    if (last?.kind === "run" && last.state === "working")
      throw new AppError("conflict", "History is being re-priced already: stop that first.");
    await endRepricings(tx, { workspace }, { state: "replaced", now });
    const { version } = await readCurrentBook(tx, workspace);
    const saved = await saveRepricing(tx, {
      ...{ workspace, id: newId("repr"), kind, state: "working", version },
      ...{ sessions: null, done: 0, changed: 0, kept: 0 },
      ...{ afterSession: "", afterConnection: "", createdAt: now, finishedAt: null },
    });
    const deed = { target: { id: saved.id }, after: { kind, version } };
    await record(tx, workspace, { action: "repricing.started", ...deed });
    await enqueue(tx, { task: REPRICE_TASK, payload: {}, key: REPRICE_TASK });
    return saved;
  }, PATIENT);
  return itemOf(row);
}

/** What was re-priced so far keeps its new price. Throws `not_found`, `conflict` when it has ended. */
export async function stopRepricing(key: RepricingKey, now = new Date()): Promise<RepricingItem> {
  await requireRepricing(key);
  if (!(await endRepricings(prisma, key, { state: "stopped", now })))
    throw new AppError("conflict", "This re-pricing has ended already.");
  return itemOf(await requireRepricing(key));
}

/** With its differences by day and by agent. Throws `not_found`. */
export async function readRepricingDetail(key: RepricingKey): Promise<RepricingDetail> {
  const row = await requireRepricing(key);
  const [item, days, agents] = await Promise.all([
    itemOf(row),
    readDays(key, MOST_PARTS),
    readAgents(key, MOST_PARTS),
  ]);
  return { ...item, days, agents };
}

async function requireRepricing(key: RepricingKey): Promise<RepricingRow> {
  const row = await readRepricing(key);
  if (!row) throw new AppError("not_found", "There is no such re-pricing.");
  return row;
}
