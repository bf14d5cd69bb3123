import type { Db } from "@/lib/db/client";
import { AppError } from "@/lib/http/errors";

export type Job = {
  task: string;
  payload: object;
  key?: string;
  /** Lower runs sooner; 0 is usual. */
  priority?: number;
  /** Not before; now when left out. */
  runAt?: Date;
  /** One with this key that is waiting already keeps its time. */
  keepsTime?: boolean;
};

/**
 * Puts a job on the queue, in the transaction that makes it necessary. A job with a `key` that is
 * still waiting is replaced by the new one, so that there is one at most.
 * Throws `unavailable` while no worker has ever started on this database.
 */
export async function enqueue(db: Db, job: Job): Promise<void> {
  try {
    await db.$executeRaw`
      select graphile_worker.add_job(${job.task}::text, ${JSON.stringify(job.payload)}::json,
        max_attempts := 5, job_key := ${job.key ?? null}::text,
        job_key_mode := ${job.keepsTime ? "preserve_run_at" : "replace"}::text,
        priority := ${job.priority ?? 0}::int, run_at := ${job.runAt ?? null}::timestamptz)`;
  } catch (error) {
    if (!/graphile_worker/.test(String(error))) throw error;
    throw new AppError("unavailable", "The worker has not started on this database yet.", {
      cause: error,
      retryAfterSeconds: 5,
    });
  }
}
