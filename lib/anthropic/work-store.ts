import { prisma } from "@/lib/db/client";
import type { Reader } from "./budget-store";

/**
 * Takes a kind of work on a connection when it is due and nobody is at it, for so many ms; work that
 * nobody finished can be taken again after that.
 */
export async function claimWork(
  { workspace, connectionId }: Reader,
  kind: string,
  leaseMs: number,
): Promise<boolean> {
  const lease = `${leaseMs} milliseconds`;
  const taken = await prisma.$executeRaw`
    insert into sync_work as w (workspace, connection_id, kind, claimed_until)
    values (${workspace}, ${connectionId}, ${kind}, now() + ${lease}::interval)
    on conflict (workspace, connection_id, kind) do update set claimed_until = excluded.claimed_until
      where w.claimed_until < now() and w.due_at <= now()`;
  return taken > 0;
}

/** Keeps work that is claimed for so many ms more. */
export async function renewWork(
  { workspace, connectionId }: Reader,
  kind: string,
  leaseMs: number,
): Promise<void> {
  const lease = `${leaseMs} milliseconds`;
  await prisma.$executeRaw`
    update sync_work set claimed_until = now() + ${lease}::interval
    where workspace = ${workspace} and connection_id = ${connectionId} and kind = ${kind}
      and claimed_until > '-infinity'`;
}

/** Done for now: due again after so many ms. */
export async function releaseWork(
  { workspace, connectionId }: Reader,
  kind: string,
  dueMs: number,
): Promise<void> {
  const wait = `${dueMs} milliseconds`;
  await prisma.$executeRaw`
    update sync_work set claimed_until = '-infinity', due_at = now() + ${wait}::interval
    where workspace = ${workspace} and connection_id = ${connectionId} and kind = ${kind}`;
}
