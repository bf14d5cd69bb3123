import { z } from "zod";
import { record } from "@/lib/audit/service";
import type { Caller } from "@/lib/auth/schema";
import { authorOf } from "@/lib/auth/service";
import { prisma } from "@/lib/db/client";
import { decodeCursor, encodeCursor } from "@/lib/http/cursor";
import { listDeliveries } from "@/lib/notify/delivery-list-store";
import { listHolds } from "@/lib/notify/hold-store";
import { labelsOf } from "@/lib/notify/match";
import { acknowledgeNotice, unacknowledgeNotice } from "@/lib/notify/notice-store";
import { silencing } from "@/lib/notify/silence";
import { listStanding } from "@/lib/notify/silence-store";
import { readOutcomes } from "@/lib/sessions/outcome-store";
import { readActionItem } from "./action-item-service";
import { behindOf, sessionQuery } from "./behind";
import { parseDuration } from "./duration";
import type {
  AlertItem,
  AlertsPage,
  AlertsQuery,
  EpisodeDetail,
  EpisodeItem,
  EpisodesPage,
  EpisodesQuery,
} from "./episode-schema";
import {
  countFiring,
  type EpisodeRecord,
  listAlerts,
  listEpisodes,
  listNotes,
  listSimilar,
  listTransitions,
  markAcknowledged,
  readCourse,
  readEpisode,
  saveNote,
} from "./episode-store";
import { namesIn, type Reader, readNames } from "./names-service";
import { thresholdOf } from "./notice";
import type { NewRule } from "./rule-schema";
import { readRulesNamed, readRuleVersion } from "./rule-store";
import type { AlertEvent, CloseReason, Status } from "./schema";
import { conditionWords, unitOf } from "./words";

/** Milliseconds and id of the last one seen. */
const Place = z.tuple([z.int().min(0).max(8.64e15), z.string().max(100)]);
const OPEN: Status[] = ["pending", "firing", "recovering", "no_data"];
/** Ticks of the value that are drawn before an episode's opening and after its close. */
const AROUND = 30;

/** What fires, recovers, waits or has no data; the worst first. */
export async function readAlerts(
  reader: Reader,
  { rule, state = OPEN, limit }: AlertsQuery,
  now = new Date(),
): Promise<AlertsPage> {
  const { workspace } = reader;
  const rows = await listAlerts(workspace, { rule, states: state, limit });
  const rules = await readRulesNamed(
    workspace,
    rows.map(({ ruleId }) => ruleId),
  );
  const names = await readNames(
    reader,
    rows.map(({ labels }) => labels),
  );
  const outcomes = await readOutcomes(
    workspace,
    rows.flatMap(({ sessionIds }) => sessionIds ?? []),
  );
  const isSilenced = silencing(await listStanding(workspace, now), now.getTime());
  const data = rows.map((row): AlertItem => {
    const written = rules.get(row.ruleId);
    const { severity } = row;
    const rule = { id: row.ruleId, name: written?.name ?? "" };
    const labels = labelsOf({ labels: { ...written?.labels, ...row.labels }, severity, rule });
    return {
      ...{ rule_id: row.ruleId, rule_name: written?.name ?? row.ruleId, labels: row.labels },
      names: namesIn(names, row.labels),
      ...{ state: row.status, since: row.since.toISOString(), severity: row.severity },
      ...{ value: row.value, numerator: row.numerator, denominator: row.denominator },
      ...{ episode_id: row.episodeId, flapping: row.flapping },
      opened_at: row.openedAt?.toISOString() ?? null,
      acknowledged_by: row.acknowledgedBy,
      silenced: isSilenced(labels),
      condition: written ? conditionWords(written) : "",
      unit: written ? unitOf(written) : "count",
      threshold: written ? thresholdOf(written, row.severity) : null,
      sessions: (row.sessionIds ?? []).flatMap((id) => outcomes.get(id) ?? []),
    };
  });
  return { data, firing: await countFiring(workspace), next_cursor: null };
}

export async function readEpisodes(reader: Reader, query: EpisodesQuery): Promise<EpisodesPage> {
  const place = query.cursor === undefined ? null : decodeCursor(Place, query.cursor);
  const after = place && { openedAt: new Date(place[0]), id: place[1] };
  const rows = await listEpisodes(reader.workspace, { ...query, limit: query.limit + 1 }, after);
  const shown = rows.slice(0, query.limit);
  const last = shown.at(-1);
  return {
    data: await itemsOf(reader, shown),
    next_cursor:
      rows.length > query.limit && last ? encodeCursor([last.openedAt.getTime(), last.id]) : null,
  };
}

/** Throws `not_found`. */
export async function readEpisodeDetail(reader: Reader, id: string): Promise<EpisodeDetail> {
  const { workspace } = reader;
  const record = await readEpisode(workspace, id);
  const rule = await readRuleVersion(workspace, record.ruleId, record.ruleVersion);
  const [item] = await itemsOf(reader, [record]);
  if (!item) throw new Error("one record gives one item");
  const everyMs = parseDuration(rule?.every ?? "1m") ?? 60_000;
  const from = new Date(record.openedAt.getTime() - AROUND * everyMs);
  const to = record.closedAt && new Date(record.closedAt.getTime() + AROUND * everyMs);
  const [course, transitions, deliveries, holds, notes, similar, action] = await Promise.all([
    readCourse(record, { from, to }),
    listTransitions(record),
    listDeliveries(workspace, { episode: id, limit: 200 }),
    listHolds(workspace, id),
    listNotes(workspace, id),
    listSimilar(record),
    readActionItem({ workspace, episodeId: id }),
  ]);
  const behind = rule && behindOf(rule, record.labels);
  const fromMs = record.windowFrom.getTime();
  return {
    ...item,
    ...{ rule, action },
    window: { from: record.windowFrom.toISOString(), to: record.windowTo.toISOString() },
    session_ids: record.sessionIds,
    session_query: behind
      ? sessionQuery(behind, { fromMs, toMs: (record.closedAt ?? new Date()).getTime() })
      : "",
    course: course.map(({ tick, value }) => [tick.toISOString(), value]),
    transitions: transitions.map((row) => ({
      at: row.tick.toISOString(),
      ...{ from: row.fromStatus as Status, to: row.toStatus as Status },
      ...{ event: row.event as AlertEvent | null, reason: row.reason },
      severity: row.severity as EpisodeItem["severity"],
      ...{ value: row.value, numerator: row.numerator, denominator: row.denominator },
      rule_version: row.ruleVersion,
    })),
    held: holds.map(({ kind, byId, byName, channel, from, until }) => ({
      ...{ kind, by_id: byId, by_name: byName, channel_name: channel },
      from: from.toISOString(),
      until: (until ?? record.closedAt)?.toISOString() ?? null,
    })),
    deliveries: deliveries.data,
    notes: notes.map(({ id: noteId, author, text, createdAt }) => ({
      ...{ id: noteId, author, text, created_at: createdAt.toISOString() },
    })),
    similar: await itemsOf(reader, similar),
  };
}

/** Throws `not_found`. */
export async function addNote(caller: Caller, id: string, text: string): Promise<EpisodeDetail> {
  const { workspace } = caller;
  await readEpisode(workspace, id);
  await saveNote(workspace, id, { author: await authorOf(caller), text });
  return readEpisodeDetail(caller, id);
}

/** Throws `not_found`. */
export async function acknowledge(
  caller: Caller,
  id: string,
  isKnown: boolean,
  now = new Date(),
): Promise<EpisodeDetail> {
  const { workspace } = caller;
  const { acknowledgedBy, labels } = await readEpisode(workspace, id);
  const author = await authorOf(caller);
  await prisma.$transaction(async (tx) => {
    await markAcknowledged(tx, { workspace, id }, isKnown ? { author, at: now } : null);
    if (isKnown) await acknowledgeNotice(tx, workspace, id, author, now);
    else await unacknowledgeNotice(tx, workspace, id, now);
    const states = { before: { by: acknowledgedBy }, after: { by: isKnown ? author : null } };
    const target = { id, name: Object.values(labels).join(", ") || null };
    await record(tx, workspace, { action: "episode.acknowledged", target, ...states });
  });
  return readEpisodeDetail(caller, id);
}

async function itemsOf(reader: Reader, records: readonly EpisodeRecord[]): Promise<EpisodeItem[]> {
  const rules = await readRulesNamed(
    reader.workspace,
    records.map(({ ruleId }) => ruleId),
  );
  const names = await readNames(
    reader,
    records.map(({ labels }) => labels),
  );
  return records.map((record) => itemOf(record, rules.get(record.ruleId), names));
}

function itemOf(
  record: EpisodeRecord,
  rule: NewRule | undefined,
  names: Map<string, string>,
): EpisodeItem {
  return {
    ...{ id: record.id, rule_id: record.ruleId, rule_name: rule?.name ?? record.ruleId },
    ...{ rule_version: record.ruleVersion, labels: record.labels, severity: record.severity },
    names: namesIn(names, record.labels),
    opened_at: record.openedAt.toISOString(),
    closed_at: record.closedAt?.toISOString() ?? null,
    close_reason: record.closeReason as CloseReason | null,
    ...{ peak: record.peak, sessions: record.sessions, late: record.late },
    unit: rule ? unitOf(rule) : "count",
    condition: rule ? conditionWords(rule) : "",
    acknowledged_at: record.acknowledgedAt?.toISOString() ?? null,
    acknowledged_by: record.acknowledgedBy,
  };
}
