import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { Logger, parseCrontab, run } from "graphile-worker";
import { z } from "zod";
import { ensureFirstAccess } from "@/lib/auth/first-access-service";
import { disconnect } from "@/lib/db/client";
import { checkServer } from "@/lib/db/open";
import { env, StartupError, setDatabaseUrl } from "@/lib/env";
import { logger } from "@/lib/http/logger";
import type { Leap } from "@/lib/jobs/leap";
import { BEGINS_ANEW } from "./supervisor";
import { clockLeaps, comeBack } from "./worker-clock";
import { alertCrontab, alertTasks, crontab, STARTING_TASKS, tasks } from "./worker-tasks";

/** What is under way may end; what takes longer goes on in the new process, as after a crash. */
const MOST_STOP_MS = 10_000;

const Told = z.object({ databaseUrl: z.string() });

/** The worker process: background jobs until it is told to stop. */
export default async function worker(): Promise<void> {
  await hearOfDatabase();
  const connectionString = env.DATABASE_DIRECT_URL ?? env.DATABASE_URL;
  if (!connectionString) throw new StartupError("DATABASE_URL is not set: start with npm start.");
  // Started again while the database is away, it waits: giving up would end everything else as well.
  await checkServer(connectionString, Number.POSITIVE_INFINITY);
  const setupPath = await ensureFirstAccess();
  if (setupPath) {
    const address = env.WATCHKEEPER_PUBLIC_URL ?? `http://localhost:${env.PORT}`;
    process.stdout.write(`First start: set Watchkeeper up at ${address}${setupPath}\n`);
  }
  const clock = clockLeaps();
  await comeBack(new Date());
  const common = {
    connectionString,
    noHandleSignals: true,
    logger: new Logger(() => (level, message) => {
      if (level === "error" || level === "warning") logger.warn({ from: "worker" }, message);
    }),
  };
  const runner = await run({
    ...common,
    taskList: tasks,
    parsedCronItems: parseCrontab(crontab),
    // Reading a connection is waiting, most of the time: for its budget and for its answers.
    concurrency: 12,
    maxPoolSize: 6,
  });
  const alerts = await run({
    ...common,
    taskList: alertTasks,
    parsedCronItems: parseCrontab(alertCrontab),
    // A receiver that does not answer takes one of them for as long as it is waited for.
    concurrency: 16,
    maxPoolSize: 4,
    pollInterval: 500,
  });
  const stop = () => {
    clock.end();
    return Promise.allSettled([runner.stop(), alerts.stop()]);
  };
  process.on("SIGTERM", stop);
  process.on("SIGINT", stop);
  process.on("disconnect", () => process.exit(1));
  for (const task of STARTING_TASKS) await runner.addJob(task, {}, { jobKey: task });
  process.send?.("ready");
  const ended = Promise.all([runner.promise, alerts.promise]).then(() => null);
  const leap = await Promise.race([ended, clock.leapt]);
  if (leap !== null) await beginAnew(leap, stop);
  await disconnect();
}

/** Everything that waits does so for a time that does not come, or has long been: a new process knows better. */
async function beginAnew(leap: Leap, stop: () => Promise<unknown>): Promise<never> {
  logger.warn({ seconds: Math.round(leap / 1000) }, "the clock has leapt: beginning anew");
  await Promise.race([stop(), sleep(MOST_STOP_MS)]);
  process.exit(BEGINS_ANEW);
}

/** `npm start` starts this process beside the database, and says where that is once it is ready. */
async function hearOfDatabase(): Promise<void> {
  if (!process.send) return;
  const [message] = await once(process, "message");
  setDatabaseUrl(Told.parse(message).databaseUrl);
}
