import { randomUUID } from "node:crypto";
import { type Db, prisma } from "@/lib/db/client";
import type { AlertEpisode, AlertTransition, Prisma } from "@/lib/db/generated/client";
import { AppError } from "@/lib/http/errors";
import type { EpisodesQuery } from "./episode-schema";
import type { Labels, Severity, Status } from "./schema";

export type EpisodeRecord = Omit<AlertEpisode, "labels" | "severity"> & {
  labels: Labels;
  severity: Severity;
};

const recordOf = (row: AlertEpisode): EpisodeRecord => ({
  ...row,
  labels: row.labels as Labels,
  severity: row.severity as Severity,
});

export type EpisodePlace = { openedAt: Date; id: string };

/** Newest first. */
export async function listEpisodes(
  workspace: string,
  { rule, open, severity, from, to, limit }: EpisodesQuery,
  after: EpisodePlace | null,
  db: Db = prisma,
): Promise<EpisodeRecord[]> {
  const where: Prisma.AlertEpisodeWhereInput = {
    workspace,
    ...(rule === undefined ? {} : { ruleId: rule }),
    ...(open === undefined ? {} : { closedAt: open ? null : { not: null } }),
    ...(severity?.length ? { severity: { in: severity } } : {}),
    openedAt: { ...(from ? { gte: new Date(from) } : {}), ...(to ? { lt: new Date(to) } : {}) },
    ...(after && {
      OR: [
        { openedAt: { lt: after.openedAt } },
        { openedAt: after.openedAt, id: { lt: after.id } },
      ],
    }),
  };
  const orderBy = [{ openedAt: "desc" as const }, { id: "desc" as const }];
  return (await db.alertEpisode.findMany({ where, orderBy, take: limit })).map(recordOf);
}

/** Throws `not_found`. */
export async function readEpisode(
  workspace: string,
  id: string,
  db: Db = prisma,
): Promise<EpisodeRecord> {
  const row = await db.alertEpisode.findUnique({ where: { workspace_id: { workspace, id } } });
  if (!row) throw new AppError("not_found", "There is no such episode.");
  return recordOf(row);
}

/** Others of the same alert, newest first. */
export async function listSimilar(
  { workspace, ruleId, fingerprint, id }: EpisodeRecord,
  db: Db = prisma,
): Promise<EpisodeRecord[]> {
  const rows = await db.alertEpisode.findMany({
    where: { workspace, ruleId, fingerprint, id: { not: id } },
    orderBy: { openedAt: "desc" },
    take: 5,
  });
  return rows.map(recordOf);
}

/** What changed in it, from a little before its opening, oldest first. */
export function listTransitions(
  { workspace, id }: EpisodeRecord,
  db: Db = prisma,
): Promise<AlertTransition[]> {
  return db.alertTransition.findMany({
    where: { workspace, episodeId: id },
    orderBy: [{ tick: "asc" }, { step: "asc" }],
    take: 500,
  });
}

/** Of ticks of a rule in a range, what they said of one label set. */
export async function readCourse(
  { workspace, ruleId, fingerprint }: { workspace: string; ruleId: string; fingerprint: string },
  { from, to }: { from: Date; to: Date | null },
  db: Db = prisma,
): Promise<{ tick: Date; until: Date; value: number | null }[]> {
  return db.$queryRaw`
    select tick, until_tick as until, (results -> ${fingerprint}::text ->> 1)::float8 as value
    from alert_evaluation where workspace = ${workspace} and rule_id = ${ruleId}
      and tick >= ${from} and tick <= coalesce(${to}::timestamptz, 'infinity') and results ? ${fingerprint}::text
    order by tick limit 5000`;
}

export async function markAcknowledged(
  db: Db,
  { workspace, id }: { workspace: string; id: string },
  by: { author: string; at: Date } | null,
): Promise<void> {
  await db.alertEpisode.update({
    where: { workspace_id: { workspace, id } },
    data: { acknowledgedAt: by?.at ?? null, acknowledgedBy: by?.author ?? null },
  });
}

export async function saveEvidence(
  db: Db,
  episodes: readonly { workspace: string; id: string; sessionIds: string[]; sessions: number }[],
): Promise<void> {
  for (const { workspace, id, sessionIds, sessions } of episodes)
    await db.alertEpisode.update({
      where: { workspace_id: { workspace, id } },
      data: { sessionIds, sessions },
    });
}

export async function saveNote(
  workspace: string,
  episodeId: string,
  { author, text }: { author: string; text: string },
  db: Db = prisma,
): Promise<void> {
  const id = `note_${randomUUID().replaceAll("-", "")}`;
  await db.alertNote.create({ data: { workspace, id, episodeId, author, text } });
}

export function listNotes(workspace: string, episodeId: string, db: Db = prisma) {
  return db.alertNote.findMany({
    where: { workspace, episodeId },
    orderBy: { createdAt: "asc" },
    take: 200,
  });
}

export type AlertRecord = {
  ruleId: string;
  labels: Labels;
  status: Status;
  since: Date;
  value: number | null;
  numerator: number | null;
  denominator: number | null;
  severity: Severity;
  episodeId: string | null;
  flapping: boolean;
  openedAt: Date | null;
  acknowledgedBy: string | null;
  sessionIds: string[] | null;
};

/** Alerts as they are now: the worst first, then the newest. */
export function listAlerts(
  workspace: string,
  { rule, states, limit }: { rule: string | undefined; states: readonly Status[]; limit: number },
  db: Db = prisma,
): Promise<AlertRecord[]> {
  return db.$queryRaw<AlertRecord[]>`
    select i.rule_id as "ruleId", i.labels, i.status, i.since, i.value, i.numerator, i.denominator,
      i.severity, i.episode_id as "episodeId", i.state ->> 'flappingMs' is not null as flapping,
      e.opened_at as "openedAt", e.acknowledged_by as "acknowledgedBy", e.session_ids[1:3] as "sessionIds"
    from alert_instance i left join alert_episode e on e.workspace = i.workspace and e.id = i.episode_id
    where i.workspace = ${workspace} and i.status = any(${[...states]}::text[])
      and i.rule_id = coalesce(${rule ?? null}::text, i.rule_id)
    order by array_position(array['critical', 'high', 'warning', 'info'], i.severity),
      coalesce(e.opened_at, i.since) desc, i.rule_id, i.fingerprint limit ${limit}`;
}

export async function countFiring(workspace: string, db: Db = prisma): Promise<number> {
  return db.alertInstance.count({
    where: { workspace, status: { in: ["firing", "recovering", "no_data"] } },
  });
}
