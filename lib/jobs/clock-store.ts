import { type Db, prisma } from "@/lib/db/client";

/** By so much the queue's own minutes and jobs may be ahead of the database's clock, in ms. */
const MOST_MS = 60_000;

/**
 * How far the clock has been ahead of where it is now, as the newest job that waits or the last minute says
 * that jobs were put on the queue for, in ms; 0 where it has not been.
 */
export async function readAhead(db: Db = prisma): Promise<number> {
  const [row] = await db.$queryRaw<{ ms: number }[]>`
    select coalesce(extract(epoch from greatest(
      (select max(last_execution) from graphile_worker._private_known_crontabs),
      (select max(greatest(created_at, updated_at)) from graphile_worker._private_jobs)
    ) - now()) * 1000, 0)::float8 as ms`;
  return row && row.ms > MOST_MS ? row.ms : 0;
}

/**
 * Jobs that a clock that was ahead has put off wait as long as they were to wait, from now; minutes that it
 * has jobs for already come again.
 */
export async function bringJobsBack(db: Db = prisma): Promise<void> {
  await db.$executeRaw`
    update graphile_worker._private_jobs set
      run_at = least(run_at, greatest(now(), run_at - (greatest(created_at, updated_at) - now()))),
      locked_at = least(locked_at, now()),
      created_at = least(created_at, now()), updated_at = least(updated_at, now())
    where greatest(created_at, updated_at) > now() or locked_at > now()`;
  await db.$executeRaw`
    update graphile_worker._private_job_queues set locked_at = now() where locked_at > now()`;
  await db.$executeRaw`
    update graphile_worker._private_known_crontabs set known_since = least(known_since, now()),
      last_execution = least(last_execution, date_trunc('minute', now()))
    where last_execution > now() or known_since > now()`;
}
