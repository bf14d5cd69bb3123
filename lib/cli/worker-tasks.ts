import type { TaskList } from "graphile-worker";

/** What the worker can do, by job name. Each handler is one call of a room's service. */
export const tasks: TaskList = {};

/** When it does so by the clock, in crontab lines (UTC): `minute hour day month weekday task`. */
export const crontab = "";
