import { prisma } from "@/lib/db/client";
import type { Reader } from "./budget-store";

/** Tables of what a workspace holds beside its sessions, with the column that names an object. */
const TABLES = {
  agent: ["agent", "agent_id"],
  environment: ["environment", "environment_id"],
  deployment: ["deployment", "deployment_id"],
  vault: ["resource", "resource_id"],
  memory_store: ["resource", "resource_id"],
} as const;
export type HeldKind = keyof typeof TABLES;

/**
 * After a list over all of a kind: those it did not name are gone, and those it did are not. What
 * changed after `before` may have come while the list was read.
 */
export async function noteHeld(
  { workspace, connectionId }: Reader,
  kind: HeldKind,
  { ids, before }: { ids: readonly string[]; before: Date },
): Promise<void> {
  const [table, column] = TABLES[kind];
  const mine = table === "resource" ? `and kind = '${kind}'` : "";
  await prisma.$executeRawUnsafe(
    `update "${table}" set gone_at = case when "${column}" = any($3::text[]) then null else now() end
     where workspace = $1 and connection_id = $2 ${mine}
       and ("${column}" = any($3::text[])) = (gone_at is not null)
       and (gone_at is not null or updated_at < $4)`,
    workspace,
    connectionId,
    [...ids],
    before,
  );
}

/** The platform has deleted it. */
export async function noteGone(
  { workspace, connectionId }: Reader,
  kind: HeldKind,
  id: string,
): Promise<void> {
  const [table, column] = TABLES[kind];
  await prisma.$executeRawUnsafe(
    `update "${table}" set gone_at = now()
     where workspace = $1 and connection_id = $2 and "${column}" = $3 and gone_at is null`,
    workspace,
    connectionId,
    id,
  );
}

/** Agents of which not all versions are known, the newest first. A first version is the agent itself. */
export async function listUnlisted(
  { workspace, connectionId }: Reader,
  limit: number,
): Promise<Array<{ agentId: string; version: string }>> {
  return prisma.$queryRaw`
    select agent_id as "agentId", version from agent
    where workspace = ${workspace} and connection_id = ${connectionId} and gone_at is null
      and version <> '1' and version is distinct from versions_of
    order by updated_at desc, agent_id limit ${limit}`;
}

export async function noteVersionsListed(
  { workspace, connectionId }: Reader,
  { agentId, version }: { agentId: string; version: string },
): Promise<void> {
  await prisma.agent.updateMany({
    where: { workspace, connectionId, agentId },
    data: { versionsOf: version },
  });
}

/** Environments whose tools run on the customer's own machines. */
export async function listSelfHosted(
  { workspace, connectionId }: Reader,
  limit: number,
): Promise<string[]> {
  const rows = await prisma.$queryRaw<Array<{ id: string }>>`
    select environment_id as id from environment
    where workspace = ${workspace} and connection_id = ${connectionId}
      and archived_at is null and gone_at is null
      and (object->'config'->'type')::text = '"self_hosted"'
    order by updated_at desc, environment_id limit ${limit}`;
  return rows.map(({ id }) => id);
}

export type QueueState = {
  depth: number;
  pending: number;
  oldest_queued_at: string | null;
  workers_polling: number | null;
};

export async function saveQueue(
  { workspace, connectionId }: Reader,
  environmentId: string,
  queue: QueueState,
): Promise<void> {
  const oldest = queue.oldest_queued_at === null ? null : new Date(queue.oldest_queued_at);
  const data = {
    depth: queue.depth,
    pending: queue.pending,
    oldestQueuedAt: oldest,
    workersPolling: queue.workers_polling,
    readAt: new Date(),
  };
  const key = { workspace, connectionId, environmentId };
  await prisma.workQueue.upsert({
    where: { workspace_connectionId_environmentId: key },
    create: { ...key, ...data },
    update: data,
  });
}

export type ModelState = { id: string; lifecycle: string; retires_at: string | null };

/** Models as the platform has them now; they take the place of those of the last time. */
export async function saveModels(
  { workspace, connectionId }: Reader,
  models: readonly ModelState[],
): Promise<void> {
  const of = { workspace, connectionId };
  const readAt = new Date();
  await prisma.$transaction([
    prisma.modelLife.deleteMany({ where: of }),
    prisma.modelLife.createMany({
      data: models.map(({ id, lifecycle, retires_at }) => ({
        ...of,
        model: id,
        lifecycle,
        retiresAt: retires_at === null ? null : new Date(retires_at),
        readAt,
      })),
      skipDuplicates: true,
    }),
  ]);
}

/** When the newest run that is known was started; null when none is. */
export async function readNewestRun({ workspace, connectionId }: Reader): Promise<Date | null> {
  const { _max } = await prisma.deploymentRun.aggregate({
    where: { workspace, connectionId },
    _max: { startedAt: true },
  });
  return _max.startedAt;
}
