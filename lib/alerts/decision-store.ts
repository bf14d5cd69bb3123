import { type Db, prisma } from "@/lib/db/client";
import { writeJudged } from "@/lib/metrics/meter-store";
import type { InstanceRow } from "./evaluation-store";
import type { Instance, Labels, Severity, Transition } from "./schema";

/** What one rule's ticks came to. */
export type Decided = {
  workspace: string;
  ruleId: string;
  ruleVersion: number;
  cursor: Date;
  dueAt: Date;
  lagMs: number;
  health: { state: string; text: string | null; since: Date | null; errors: number };
  /** Those whose rows change, or go (`instance` null). */
  instances: (Omit<InstanceRow, "instance" | "episode"> & {
    instance: Instance | null;
    episodeId: string | null;
  })[];
  transitions: TransitionRow[];
  opened: EpisodeRow[];
  changed: EpisodeChange[];
  evaluations: Evaluated[];
};

/** What ticks in a row came to, each to the same. */
export type Evaluated = { tick: Date; until: Date; ticks: number; results: unknown };

export type TransitionRow = Transition & {
  fingerprint: string;
  episodeId: string | null;
  tick: Date;
  step: number;
  value: number | null;
  numerator: number | null;
  denominator: number | null;
};

export type EpisodeRow = {
  id: string;
  fingerprint: string;
  labels: Labels;
  severity: Severity;
  openedAt: Date;
  peak: number | null;
  windowFrom: Date;
  windowTo: Date;
  late: boolean;
};

/** What a tick changes of an episode that is there. */
export type EpisodeChange = {
  id: string;
  severity: Severity;
  peak: number | null;
  closedAt: Date | null;
  closeReason: string | null;
};

/** The rules are to be locked. A few statements for all of them. */
export async function saveDecisions(db: Db, decided: readonly Decided[], now: Date): Promise<void> {
  const each = <T>(pick: (one: Decided) => readonly T[]) =>
    decided.flatMap((one) => {
      const { workspace, ruleId, ruleVersion } = one;
      return pick(one).map((row) => ({ workspace, ruleId, ruleVersion, ...row }));
    });
  await saveCursors(db, decided, now);
  await saveEvaluations(
    db,
    each(({ evaluations, lagMs }) => evaluations.map((one) => ({ ...one, lagMs }))),
  );
  await saveInstances(
    db,
    each(({ instances }) => instances),
  );
  await saveEpisodes(
    db,
    each(({ opened }) => opened),
  );
  await changeEpisodes(
    db,
    each(({ changed }) => changed),
  );
  await saveTransitions(
    db,
    each(({ transitions }) => transitions),
  );
  for (const workspace of new Set(decided.map((one) => one.workspace))) {
    const own = decided.filter((one) => one.workspace === workspace);
    await writeJudged(db, { workspace, at: now, lagsMs: own.map(({ lagMs }) => lagMs) });
  }
}

async function saveCursors(db: Db, decided: readonly Decided[], now: Date): Promise<void> {
  const rows = decided.map(({ workspace, ruleId: id, cursor, dueAt, lagMs, health }) => ({
    ...{ workspace, id, cursor, due: dueAt, lag: lagMs },
    ...{ health: health.state, text: health.text, since: health.since, errors: health.errors },
  }));
  await db.$executeRaw`
    update alert_rule r set cursor = n.cursor, due_at = n.due, lag_ms = n.lag, evaluated_at = ${now},
      health = n.health, health_text = n.text, health_since = n.since, errors = n.errors
    from json_to_recordset(${JSON.stringify(rows)}::json) as n(workspace text, id text,
      cursor timestamptz, due timestamptz, lag int, health text, text text, since timestamptz,
      errors int)
    where r.workspace = n.workspace and r.id = n.id`;
}

/** Ticks that came to the same as the one before are one row with it; what came of two ticks never is. */
async function saveEvaluations(
  db: Db,
  rows: readonly (Evaluated & { workspace: string; ruleId: string; lagMs: number })[],
): Promise<void> {
  if (rows.length === 0) return;
  await db.$executeRaw`
    with n as (
      select *, row_number() over (partition by workspace, "ruleId" order by tick) as nth
      from json_to_recordset(${JSON.stringify(rows)}::json) as n(workspace text, "ruleId" text,
        tick timestamptz, until timestamptz, ticks int, "lagMs" int, results jsonb)),
    last as (
      select n.*, l.tick as start from n cross join lateral (
        select tick, results from alert_evaluation e
        where e.workspace = n.workspace and e.rule_id = n."ruleId" order by tick desc limit 1) l
      where nth = 1 and l.results = n.results),
    extended as (
      update alert_evaluation e set until_tick = l.until, ticks = e.ticks + l.ticks, lag_ms = l."lagMs"
      from last l where e.workspace = l.workspace and e.rule_id = l."ruleId" and e.tick = l.start
      returning l.workspace, l."ruleId", l.tick)
    insert into alert_evaluation (workspace, rule_id, tick, until_tick, ticks, lag_ms, results)
    select workspace, "ruleId", tick, until, ticks, "lagMs", results from n
    where not exists (select 1 from extended x where x.workspace = n.workspace
      and x."ruleId" = n."ruleId" and x.tick = n.tick)`;
}

/** Drops what ticks before an instant came to, but for those at which something changed. */
export async function forgetEvaluations(before: Date, db: Db = prisma): Promise<number> {
  return db.$executeRaw`
    delete from alert_evaluation e where until_tick < ${before} and not exists (
      select 1 from alert_transition t where t.workspace = e.workspace and t.rule_id = e.rule_id
        and t.tick between e.tick and e.until_tick)`;
}

async function saveInstances(
  db: Db,
  rows: readonly (Decided["instances"][number] & { workspace: string })[],
): Promise<void> {
  const kept = rows.flatMap(({ instance, ...row }) =>
    instance === null
      ? []
      : [
          {
            ...row,
            ...{ state: instance, status: instance.status, severity: instance.severity },
            since: new Date(instance.sinceMs),
            seen: new Date(instance.seenMs),
          },
        ],
  );
  const gone = rows.filter(({ instance }) => instance === null);
  if (gone.length > 0)
    await db.$executeRaw`
      delete from alert_instance i using json_to_recordset(${JSON.stringify(gone)}::json)
        as n(workspace text, "ruleId" text, fingerprint text)
      where i.workspace = n.workspace and i.rule_id = n."ruleId" and i.fingerprint = n.fingerprint`;
  if (kept.length === 0) return;
  await db.$executeRaw`
    insert into alert_instance (workspace, rule_id, fingerprint, labels, status, since, value,
      numerator, denominator, severity, state, episode_id, seen_at)
    select workspace, "ruleId", fingerprint, labels, status, since, value, numerator, denominator,
      severity, state, "episodeId", seen
    from json_to_recordset(${JSON.stringify(kept)}::json) as n(workspace text, "ruleId" text,
      fingerprint text, labels jsonb, status text, since timestamptz, value float8,
      numerator float8, denominator float8, severity text, state jsonb, "episodeId" text,
      seen timestamptz)
    on conflict (workspace, rule_id, fingerprint) do update set status = excluded.status,
      since = excluded.since, value = excluded.value, numerator = excluded.numerator,
      denominator = excluded.denominator, severity = excluded.severity, state = excluded.state,
      episode_id = excluded.episode_id, seen_at = excluded.seen_at`;
}

async function saveEpisodes(
  db: Db,
  rows: readonly (EpisodeRow & { workspace: string; ruleId: string; ruleVersion: number })[],
): Promise<void> {
  if (rows.length > 0) await db.alertEpisode.createMany({ data: [...rows] });
}

/** An episode is as bad as it has been; whoever acknowledged it did so before it got worse. */
async function changeEpisodes(
  db: Db,
  rows: readonly (EpisodeChange & { workspace: string })[],
): Promise<void> {
  if (rows.length === 0) return;
  await db.$executeRaw`
    update alert_episode e set severity = n.severity, peak = n.peak, closed_at = n."closedAt",
      close_reason = n."closeReason",
      acknowledged_at = case when n.severity = e.severity then e.acknowledged_at end,
      acknowledged_by = case when n.severity = e.severity then e.acknowledged_by end
    from json_to_recordset(${JSON.stringify(rows)}::json) as n(workspace text, id text,
      severity text, peak float8, "closedAt" timestamptz, "closeReason" text)
    where e.workspace = n.workspace and e.id = n.id`;
}

async function saveTransitions(
  db: Db,
  rows: readonly (TransitionRow & { workspace: string; ruleId: string; ruleVersion: number })[],
): Promise<void> {
  if (rows.length === 0) return;
  await db.alertTransition.createMany({
    data: rows.map(({ from, to, ...row }) => ({ ...row, fromStatus: from, toStatus: to })),
  });
}
