import Anthropic from "@anthropic-ai/sdk";
import { clearWarning, noteWarnings } from "@/lib/connections/warning-store";
import type { WarningCode } from "@/lib/connections/warnings";
import type { LooseKind } from "@/lib/ingest/schema";
import { isUsageLimit } from "./failure";
import {
  type HeldKind,
  listSelfHosted,
  listUnlisted,
  noteGone,
  noteHeld,
  noteVersionsListed,
  readNewestRun,
  saveModels,
  saveQueue,
} from "./object-store";
import { tellsNextPage } from "./omissions";
import { OBJECT_RHYTHM, objectsEveryMs } from "./rhythm";
import type { Sync } from "./session-service";
import { whenDue } from "./work-service";

const PAGE = 100;
const RUNS_PAGE = 1_000;
/** Agents whose versions are listed, and queues that are looked at, at a time. */
const AT_A_TIME = 50;
const MINUTE_MS = 60_000;
/** Runs are looked for from so long before the newest known one. */
const RUNS_OVERLAP_MS = 3_600_000;

/** What the SDK's lists have in common. */
type ListPage<T = { id: string }> = {
  data: T[];
  hasNextPage(): boolean;
  getNextPage(): Promise<ListPage<T>>;
};
type Read = { ids: string[]; pages: number; isWhole: boolean };

const UNREADABLE: { [kind in LooseKind]: WarningCode } = {
  agent: "unreadable_agents",
  environment: "unreadable_environments",
  deployment: "unreadable_deployments",
  deployment_run: "unreadable_deployment_runs",
  vault: "unreadable_vaults",
  memory_store: "unreadable_memory_stores",
};

/** What a workspace holds beside its sessions, each kind when it is time for it. */
export async function readObjectsDue(sync: Sync): Promise<void> {
  const { reader, rhythm } = sync;
  const due = (kind: string, run: () => Promise<number>) =>
    whenDue(reader, { kind, leaseMs: rhythm.leaseMs }, run);
  const isSwept = await due("objects_all", async () => {
    const pages = await sweepObjects(sync);
    return objectsEveryMs(OBJECT_RHYTHM.allMs, pages, sync.connection.readsPerMinute);
  });
  await due("objects", async () => {
    const pages = isSwept ? 0 : await refreshObjects(sync);
    return objectsEveryMs(OBJECT_RHYTHM.freshMs, pages, sync.connection.readsPerMinute);
  });
  await due("versions", async () => {
    await readVersions(sync);
    return MINUTE_MS;
  });
  await due("queues", () => readQueues(sync));
}

/** Everything, archived objects too; what is not named any more is gone. Returns the pages read. */
async function sweepObjects(sync: Sync): Promise<number> {
  const { agents, environments, deployments, vaults, memoryStores } = sync.client.beta;
  const all = { limit: PAGE, include_archived: true };
  const before = new Date(Date.now() - 10 * MINUTE_MS);
  const lists: Array<[HeldKind, () => PromiseLike<ListPage>]> = [
    ["agent", () => agents.list(all)],
    ["environment", () => environments.list(all)],
    ["deployment", () => deployments.list(all)],
    ["vault", () => vaults.list(all)],
    ["memory_store", () => memoryStores.list(all)],
  ];
  let pages = 0;
  for (const [kind, list] of lists) {
    const read = await readKind(sync, kind, list);
    if (read?.isWhole) await noteHeld(sync.reader, kind, { ids: read.ids, before });
    pages += read?.pages ?? 1;
  }
  await readModels(sync);
  return pages + (await readRuns(sync));
}

/** What is in use: what is new of it, and runs since the newest known one. */
async function refreshObjects(sync: Sync): Promise<number> {
  const { agents, environments, deployments } = sync.client.beta;
  const lists: Array<[HeldKind, () => PromiseLike<ListPage>]> = [
    ["agent", () => agents.list({ limit: PAGE })],
    ["environment", () => environments.list({ limit: PAGE })],
    ["deployment", () => deployments.list({ limit: PAGE })],
  ];
  let pages = 0;
  for (const [kind, list] of lists) pages += (await readKind(sync, kind, list))?.pages ?? 1;
  return pages + (await readRuns(sync));
}

async function readRuns(sync: Sync): Promise<number> {
  const newest = await readNewestRun(sync.reader);
  const days = sync.connection.backfillDays;
  const since =
    newest !== null
      ? new Date(newest.getTime() - RUNS_OVERLAP_MS)
      : days === null
        ? null
        : new Date(Date.now() - days * 24 * 60 * MINUTE_MS);
  const filter = since === null ? {} : { "created_at[gte]": since.toISOString() };
  const { deploymentRuns } = sync.client.beta;
  const read = await readKind(sync, "deployment_run", () =>
    deploymentRuns.list({ limit: RUNS_PAGE, ...filter }),
  );
  return read?.pages ?? 1;
}

/** All versions of agents that have others than when they were last listed. */
async function readVersions(sync: Sync): Promise<void> {
  const { versions } = sync.client.beta.agents;
  for (const agent of await listUnlisted(sync.reader, AT_A_TIME)) {
    await tolerated(sync, "unreadable_agent_versions", () =>
      storeList(sync, "agent", () => versions.list(agent.agentId, { limit: PAGE })),
    );
    await noteVersionsListed(sync.reader, agent);
  }
}

async function readQueues(sync: Sync): Promise<number> {
  const { work } = sync.client.beta.environments;
  const ids = await listSelfHosted(sync.reader, AT_A_TIME);
  for (const id of ids)
    await tolerated(sync, "unreadable_work_stats", async () =>
      saveQueue(sync.reader, id, await work.stats(id)),
    );
  return ids.length > 0 ? OBJECT_RHYTHM.queueMs : OBJECT_RHYTHM.noQueueMs;
}

async function readModels(sync: Sync): Promise<void> {
  const { models } = sync.client.beta;
  await tolerated(sync, "unreadable_models", async () => {
    const lifecycle = ["active", "deprecated", "retired"] as const;
    let page = await models.list({ limit: RUNS_PAGE, lifecycle: [...lifecycle] });
    const found = [...page.data];
    while (page.hasNextPage()) {
      page = await page.getNextPage();
      found.push(...page.data);
    }
    await saveModels(sync.reader, found);
  });
}

const HINTED = /^(agent|environment|deployment|deployment_run|vault|memory_store)\./;

/** Whether a webhook's type tells of such an object. */
export const isOfObject = (type: string) => HINTED.test(type);

/** A webhook named it: it alone is read. */
export async function readHinted(sync: Sync, type: string, id: string): Promise<void> {
  const kind = HINTED.exec(type)?.[1] as LooseKind;
  const { beta } = sync.client;
  const retrieve: { [kind in LooseKind]: () => PromiseLike<{ id: string }> } = {
    agent: () => beta.agents.retrieve(id),
    environment: () => beta.environments.retrieve(id),
    deployment: () => beta.deployments.retrieve(id),
    deployment_run: () => beta.deploymentRuns.retrieve(id),
    vault: () => beta.vaults.retrieve(id),
    memory_store: () => beta.memoryStores.retrieve(id),
  };
  try {
    await store(sync, kind, [await retrieve[kind]()]);
  } catch (error) {
    if (!isRefused(error)) throw error;
    // A 404 alone may be a wrong door; with the news of its deletion it is the deletion.
    const isGone = type.endsWith(".deleted") && error instanceof Anthropic.NotFoundError;
    if (isGone && kind !== "deployment_run") await noteGone(sync.reader, kind, id);
  }
}

/** Reads a list of one kind to its end, page by page; null when the key may not read it. */
async function readKind(
  sync: Sync,
  kind: LooseKind,
  list: () => PromiseLike<ListPage>,
): Promise<Read | null> {
  return tolerated(sync, UNREADABLE[kind], () => storeList(sync, kind, list));
}

async function storeList(
  sync: Sync,
  kind: LooseKind,
  list: () => PromiseLike<ListPage>,
): Promise<Read> {
  let page = await list();
  const ids: string[] = [];
  for (let pages = 1; ; pages++) {
    await store(sync, kind, page.data);
    ids.push(...page.data.map(({ id }) => id));
    const isWhole = tellsNextPage(Reflect.get(page, "body"));
    if (!page.hasNextPage()) return { ids, pages, isWhole };
    page = await page.getNextPage();
  }
}

async function store(sync: Sync, kind: LooseKind, objects: readonly object[]): Promise<void> {
  await sync.take(
    objects.map((data) => ({ index: 0, kind, sessionId: null, threadId: null, data })),
  );
}

/** A key that may not read this reads sessions all the same; people are told. */
async function tolerated<T>(
  sync: Sync,
  code: WarningCode,
  run: () => Promise<T>,
): Promise<T | null> {
  try {
    const result = await run();
    await clearWarning(sync.reader, code);
    return result;
  } catch (error) {
    if (!isRefused(error)) throw error;
    await noteWarnings(sync.reader, [{ code, count: 1, example: null }], new Date());
    return null;
  }
}

/** Not to be had here: forbidden, unknown to this server, or asked for in a way that it does not take. */
function isRefused(error: unknown): boolean {
  if (!(error instanceof Anthropic.APIError)) return false;
  if (error.status === 400) return !isUsageLimit(error);
  return [403, 404, 405, 501].includes(error.status ?? 0);
}
