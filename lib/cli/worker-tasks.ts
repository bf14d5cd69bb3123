import type { TaskList } from "graphile-worker";
import { z } from "zod";
import {
  ACT_TASK,
  EVALUATE_TASK,
  FORGET_EVALUATIONS_TASK,
  WAKE_ACTIONS_TASK,
} from "@/lib/alerts/tasks";
import { BACKFILL_TASK, BILLING_TASK, SWEEP_TASK, TURN_TASK } from "@/lib/anthropic/tasks";
import { forgetEntries } from "@/lib/audit/service";
import { deleteEndedCounts } from "@/lib/auth/attempts-store";
import { renewFormat } from "@/lib/auth/rotation-service";
import {
  ConnectionJob,
  HINT_TASK,
  PURGE_TASK,
  START_TASK,
  SyncHint,
} from "@/lib/connections/schema";
import { REPRICE_TASK } from "@/lib/costs/repricing-schema";
import { DemoRequest, FILL_TASK, REMOVE_TASK } from "@/lib/demo/state";
import { env } from "@/lib/env";
import { fillPromoted } from "@/lib/ingest/promote-service";
import { refoldOutdated } from "@/lib/ingest/refold-service";
import { repriceHistory } from "@/lib/ingest/reprice-service";
import { prepareDays } from "@/lib/ingest/write-service";
import { REMASK_TASK } from "@/lib/masking/runs-schema";
import { PROMOTE_TASK } from "@/lib/metrics/promoted-schema";
import { ADD_UP_TASK, addUpAgain, forgetMinutes } from "@/lib/metrics/rollup-service";
import { DELIVER_TASK, DeliverJob } from "@/lib/notify/delivery-schema";
import { DISPATCH_TASK } from "@/lib/notify/notice-store";
import { ERASE_TASK } from "@/lib/retention/erasure-schema";
import { eraseSessions } from "@/lib/retention/erasure-service";
import { keyGone } from "@/lib/retention/gone-service";
import { maskStored } from "@/lib/retention/masking-service";
import { RUNS_AT } from "@/lib/retention/policy";
import { applyRetention, RETAIN_TASK, startRuns } from "@/lib/retention/run-service";
import { forgetWebhooks, forgetWithheld, purgeConnection } from "@/lib/retention/service";
import { onceSettled } from "./worker-clock";

/** Asked for at every start: an upgrade may have changed the fold. */
export const REFOLD_TASK = "refold_outdated";
/** At every start as well: what a killed process was at goes on at once. */
export const REVIVE_TASK = "revive_connections";

/** At every start and every minute: messages whose job went with a killed process. */
export const WAKE_TASK = "wake_deliveries";

/** At every start: an upgrade may have changed how secrets are sealed. */
export const RENEW_TASK = "renew_secrets";

export const STARTING_TASKS = [
  RENEW_TASK,
  REFOLD_TASK,
  REVIVE_TASK,
  REPRICE_TASK,
  PROMOTE_TASK,
  RETAIN_TASK,
  ERASE_TASK,
  REMASK_TASK,
  EVALUATE_TASK,
  WAKE_TASK,
  WAKE_ACTIONS_TASK,
];

// Loaded when first needed: they are a third of what the worker would load before it is ready.
const sync = () => import("@/lib/anthropic/sync-service");
const alerts = () => import("@/lib/alerts/service");
const actions = () => import("@/lib/alerts/action-service");
const dispatch = () => import("@/lib/notify/dispatch-service");
const deliveries = () => import("@/lib/notify/delivery-service");
const billing = () => import("@/lib/anthropic/billing-service");
const demo = () => import("@/lib/demo/service");

const ofWorkspace = z.object({ workspace: z.string() });
const ActJob = ofWorkspace.extend({ episodeId: z.string() });

/** What the worker can do, by job name. Each handler is one call of a room's service. */
export const tasks: TaskList = {
  [FILL_TASK]: async (payload) => {
    const { workspace, ...rest } = ofWorkspace.loose().parse(payload);
    const { fillDemo, saveProgress } = await demo();
    const save = saveProgress(workspace);
    await fillDemo(workspace, DemoRequest.parse(rest), Date.now() * 1000, save);
  },
  [REMOVE_TASK]: async (payload) => {
    const { workspace } = ofWorkspace.parse(payload);
    const { removeDemo, saveProgress } = await demo();
    await removeDemo(workspace, saveProgress(workspace));
  },
  prepare_days: () => prepareDays(new Date()),
  [REFOLD_TASK]: async () => {
    await refoldOutdated(new Date());
  },
  [REPRICE_TASK]: () => repriceHistory(),
  [PROMOTE_TASK]: () => fillPromoted(),
  [RETAIN_TASK]: () => applyRetention(),
  [ERASE_TASK]: () => eraseSessions(),
  [REMASK_TASK]: () => maskStored(),
  start_retention: onceSettled(() => startRuns(new Date())),
  [START_TASK]: async (payload) => (await sync()).startConnection(ConnectionJob.parse(payload)),
  [TURN_TASK]: async (payload) => (await sync()).takeTurn(ConnectionJob.parse(payload)),
  [BACKFILL_TASK]: async (payload) => (await sync()).takeBackfill(ConnectionJob.parse(payload)),
  [SWEEP_TASK]: async (payload) => (await sync()).takeSweep(ConnectionJob.parse(payload)),
  [BILLING_TASK]: async (payload) => (await billing()).takeBilling(ConnectionJob.parse(payload)),
  [HINT_TASK]: async (payload) => (await sync()).takeHint(SyncHint.parse(payload)),
  [PURGE_TASK]: async (payload) => {
    await purgeConnection(ConnectionJob.parse(payload));
  },
  [REVIVE_TASK]: async () => (await sync()).reviveConnections(),
  [ADD_UP_TASK]: () => addUpAgain(),
  forget_minutes: onceSettled(() => forgetMinutes(new Date())),
  forget_webhooks: onceSettled(() => forgetWebhooks(new Date())),
  forget_withheld: onceSettled(() => forgetWithheld(new Date())),
  [RENEW_TASK]: async () => {
    await renewFormat();
    await keyGone();
  },
  forget_attempts: () => deleteEndedCounts(),
  forget_audit: onceSettled(() => forgetEntries(env.WATCHKEEPER_AUDIT_DAYS, new Date())),
};

/** What alerts need of it, in a runner of their own: nothing that is read or reckoned holds them up. */
export const alertTasks: TaskList = {
  [EVALUATE_TASK]: async () => (await alerts()).evaluateAndWait(),
  [FORGET_EVALUATIONS_TASK]: async () => (await alerts()).forgetOld(new Date()),
  [ACT_TASK]: async (payload) => (await actions()).takeAction(ActJob.parse(payload)),
  [WAKE_ACTIONS_TASK]: async () => (await actions()).wakeActions(new Date()),
  [DISPATCH_TASK]: async (payload) => {
    const { workspace } = ofWorkspace.partial().parse(payload);
    await (workspace === undefined
      ? (await dispatch()).dispatchAll()
      : (await dispatch()).dispatchNotices(workspace));
  },
  [DELIVER_TASK]: async (payload) => {
    const { workspace, channelId } = DeliverJob.parse(payload);
    await (await deliveries()).deliverDue(workspace, channelId, new Date());
  },
  [WAKE_TASK]: async () => (await deliveries()).wakeDeliveries(new Date()),
  forget_deliveries: onceSettled(async () => (await deliveries()).forgetDeliveries(new Date())),
  forget_notices: onceSettled(async () => (await dispatch()).forgetNotices(new Date())),
};

export const alertCrontab = `
* * * * * ${EVALUATE_TASK} ?max=1
29 * * * * ${FORGET_EVALUATIONS_TASK} ?max=1
* * * * * ${DISPATCH_TASK} ?max=1
* * * * * ${WAKE_TASK} ?max=1
* * * * * ${WAKE_ACTIONS_TASK} ?max=1
53 4 * * * forget_deliveries ?max=3
17 5 * * * forget_notices ?max=3
`;

/** When it does so by the clock, in crontab lines (UTC): `minute hour day month weekday task`. */
export const crontab = `
7 * * * * prepare_days ?max=3&fill=1h
* * * * * ${REVIVE_TASK} ?max=1
* * * * * add_up_rollups ?max=1
* * * * * ${REPRICE_TASK} ?max=1
* * * * * ${PROMOTE_TASK} ?max=1
* * * * * ${RETAIN_TASK} ?max=1
* * * * * ${ERASE_TASK} ?max=1
* * * * * ${REMASK_TASK} ?max=1
${RUNS_AT.minute} ${RUNS_AT.hour} * * * start_retention ?max=3&fill=12h
41 3 * * * forget_minutes ?max=3
23 4 * * * forget_webhooks ?max=3
47 4 * * * forget_withheld ?max=3
11 * * * * forget_attempts ?max=1
37 4 * * * forget_audit ?max=3
`;
