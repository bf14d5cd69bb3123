import { pool } from "@/lib/db/client";

export type WaitingJob = {
  task: string;
  payload: unknown;
  key: string | null;
  priority: number;
  runAt: Date;
};

/** What waits on this test's queue, in the order it was put there. */
export async function waitingJobs(): Promise<WaitingJob[]> {
  const { rows } = await pool().query<WaitingJob>(
    `select t.identifier as task, j.payload, j.key, j.priority, j.run_at as "runAt"
     from graphile_worker._private_jobs j join graphile_worker._private_tasks t on t.id = j.task_id
     order by j.id`,
  );
  return rows;
}

export async function forgetJobs(): Promise<void> {
  await pool().query("delete from graphile_worker._private_jobs");
}
