import { type Db, prisma } from "@/lib/db/client";
import { NewRule } from "./rule-schema";
import type { RuleRow } from "./rule-store";
import { Instance, type Labels, type Severity } from "./schema";
import { nextTick } from "./ticks";

/** What is kept of a label set between ticks, with what its last tick found. */
export type InstanceRow = {
  ruleId: string;
  fingerprint: string;
  labels: Labels;
  instance: Instance;
  value: number | null;
  numerator: number | null;
  denominator: number | null;
  /** Its open one. */
  episode: OpenEpisode | null;
};

export type OpenEpisode = {
  id: string;
  openedMs: number;
  severity: Severity;
  peak: number | null;
  ruleVersion: number;
  sessionIds: string[];
  sessions: number;
};

export type DueRule = RuleRow & { instances: InstanceRow[] };

type Stored = Omit<InstanceRow, "instance"> & { workspace: string; state: unknown };

/**
 * Rules whose tick has come, those longest due first, with their instances. One that cannot be read any
 * more says so as its health, and comes again a tick later: it is in nobody's way.
 */
export async function readDue(now: Date, limit: number, db: Db = prisma): Promise<DueRule[]> {
  const rows = await db.alertRule.findMany({
    where: { dueAt: { lte: now }, paused: false, deletedAt: null },
    orderBy: { dueAt: "asc" },
    take: limit,
  });
  const parsed = rows.map(({ body, ...row }) => ({ row, read: NewRule.safeParse(body) }));
  for (const { row, read } of parsed)
    if (!read.success) await postpone(db, row, { now, text: `It cannot be read: ${UNREADABLE}` });
  const good = parsed.flatMap(({ row, read }) =>
    read.success ? [{ ...row, rule: read.data }] : [],
  );
  const instances = await readInstances(
    good.map(({ workspace, id }) => ({ workspace, ruleId: id })),
    db,
  );
  return good.map((row) => ({
    ...row,
    instances: instances.get(keyOf(row.workspace, row.id)) ?? [],
  }));
}

const UNREADABLE = "write it anew, it is of a version that is not known here.";

type Postponed = Pick<RuleRow, "workspace" | "id" | "everyMs" | "offsetMs">;

/** To its next tick, with nothing decided; `text` is why it is not well. */
export async function postpone(
  db: Db,
  { workspace, id, everyMs, offsetMs }: Postponed,
  { now, text }: { now: Date; text?: string },
): Promise<void> {
  await db.alertRule.updateMany({
    where: { workspace, id, dueAt: { lte: now } },
    data: {
      dueAt: new Date(nextTick(now.getTime(), everyMs, offsetMs)),
      ...(text === undefined ? {} : { health: "error", healthText: text }),
    },
  });
}

const keyOf = (workspace: string, ruleId: string) => `${workspace}/${ruleId}`;

/** Instances of rules, by `workspace/rule`. */
export async function readInstances(
  rules: readonly { workspace: string; ruleId: string }[],
  db: Db = prisma,
): Promise<Map<string, InstanceRow[]>> {
  const rows = await db.$queryRaw<Stored[]>`
    select i.workspace, i.rule_id as "ruleId", i.fingerprint, i.labels, state, value, numerator,
      denominator, case when e.id is not null then json_build_object('id', e.id,
        'openedMs', (extract(epoch from e.opened_at) * 1000)::float8, 'severity', e.severity,
        'peak', e.peak, 'ruleVersion', e.rule_version, 'sessionIds', e.session_ids,
        'sessions', e.sessions) end as episode
    from alert_instance i
    left join alert_episode e on e.workspace = i.workspace and e.id = i.episode_id
    join json_to_recordset(${JSON.stringify(rules)}::json) as r(workspace text, "ruleId" text)
      on i.workspace = r.workspace and i.rule_id = r."ruleId"
    order by i.rule_id, i.fingerprint`;
  const found = new Map<string, InstanceRow[]>();
  for (const { workspace, state, ...row } of rows) {
    const key = keyOf(workspace, row.ruleId);
    const list = found.get(key) ?? [];
    found.set(key, list);
    list.push({ ...row, instance: Instance.parse(state) });
  }
  return found;
}

/** The earliest tick that is still to come; null without rules. */
export async function readNextDue(db: Db = prisma): Promise<Date | null> {
  const row = await db.alertRule.findFirst({
    where: { paused: false, deletedAt: null },
    orderBy: { dueAt: "asc" },
    select: { dueAt: true },
  });
  return row?.dueAt ?? null;
}

/** Whose state is still what it was when it was read: a rule that was changed or decided meanwhile is left out. */
export async function lockUnchanged(db: Db, rules: readonly RuleRow[]): Promise<Set<string>> {
  const asked = rules.map(({ workspace, id, version, cursor }) => ({
    ...{ workspace, id, version },
    cursor: cursor?.toISOString() ?? null,
  }));
  const rows = await db.$queryRaw<{ key: string }[]>`
    select r.workspace || '/' || r.id as key from alert_rule r
    join json_to_recordset(${JSON.stringify(asked)}::json)
      as a(workspace text, id text, version int, cursor timestamptz)
      on r.workspace = a.workspace and r.id = a.id
    where r.version = a.version and r.cursor is not distinct from a.cursor
      and not r.paused and r.deleted_at is null
    order by r.workspace, r.id for update of r skip locked`;
  return new Set(rows.map(({ key }) => key));
}
