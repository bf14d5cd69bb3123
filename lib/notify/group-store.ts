import { z } from "zod";
import { type Db, prisma } from "@/lib/db/client";
import type { Last } from "./group";
import type { Labels } from "./match";
import { Timing } from "./route";
import { fallbackKey } from "./telling";
import { GroupState, Told } from "./told";

export type GroupKey = { channelId: string; key: string };
export type GroupRow = GroupKey & {
  labels: Labels;
  members: string[];
  told: Told;
  state: GroupState;
  /** As its route had it last. */
  timing: Timing | null;
  sequence: number;
  lastSentMs: number | null;
};

const Stored = z.object({
  channelId: z.string(),
  key: z.string(),
  labels: z.record(z.string(), z.string()),
  members: z.array(z.string()),
  told: Told,
  state: GroupState,
  timing: Timing.nullable().catch(null),
  sequence: z.int(),
  lastSentAt: z.date().nullable(),
});

/** One dispatcher at a time in a workspace, until its transaction ends. */
export async function lockWorkspace(db: Db, workspace: string): Promise<void> {
  await db.$executeRaw`select pg_advisory_xact_lock(hashtextextended(${`dispatch ${workspace}`}, 0))`;
}

export type Joining = GroupKey & { labels: Labels; member: string };

/**
 * Makes these members of their groups, and groups where there are none; those with new ones are due at
 * once. A new group goes on counting where one with its key has left off.
 */
export async function joinGroups(
  db: Db,
  workspace: string,
  joining: readonly Joining[],
  now: Date,
): Promise<void> {
  if (joining.length === 0) return;
  await db.$executeRaw`
    with n as (
      select "channelId", key, (array_agg(labels))[1] as labels,
        array_agg(distinct member order by member) as members
      from json_to_recordset(${JSON.stringify(joining)}::json)
        as n("channelId" text, key text, labels jsonb, member text)
      group by "channelId", key)
    insert into notice_group as g (workspace, channel_id, key, labels, timing, members, sequence, flush_at)
    select ${workspace}, "channelId", key, labels, '{}', members, coalesce((
      select max(sequence) from delivery d where d.workspace = ${workspace}
        and d.channel_id = n."channelId" and d.group_key = n.key), 0), ${now}
    from n order by "channelId", key
    on conflict (workspace, channel_id, key) do update set flush_at = ${now},
      members = g.members || array(select unnest(excluded.members) except select unnest(g.members))
    where not excluded.members <@ g.members`;
}

/** The same where there is such a group that has members; of what has closed no new one is made. */
export async function joinPresent(
  db: Db,
  workspace: string,
  joining: readonly Joining[],
  now: Date,
): Promise<void> {
  if (joining.length === 0) return;
  await db.$executeRaw`
    update notice_group g set flush_at = ${now}, members = g.members || n.members
    from (select "channelId", key, array_agg(distinct member) as members
      from json_to_recordset(${JSON.stringify(joining)}::json)
        as n("channelId" text, key text, member text)
      group by "channelId", key) n
    where g.workspace = ${workspace} and g.channel_id = n."channelId" and g.key = n.key
      and cardinality(g.members) > 0 and not n.members && g.members`;
}

/** Has the groups that hold any of these looked at; all groups, where none are given. */
export async function wakeGroups(
  db: Db,
  workspace: string,
  now: Date,
  ids: readonly string[] | null = null,
): Promise<void> {
  await db.$executeRaw`
    update notice_group set flush_at = ${now}
    where workspace = ${workspace} and cardinality(members) > 0
      and (flush_at is null or flush_at > ${now})
      and (${ids === null} or members && ${[...(ids ?? [])]}::text[])`;
}

/** Groups that are due, longest first; nobody else changes them before the transaction ends. */
export async function lockDue(
  db: Db,
  workspace: string,
  now: Date,
  limit: number,
): Promise<GroupRow[]> {
  const rows = await db.$queryRaw<unknown[]>`
    select channel_id as "channelId", key, labels, members, told, state, timing, sequence,
      last_sent_at as "lastSentAt"
    from notice_group where workspace = ${workspace} and flush_at <= ${now}
    order by flush_at, channel_id, key limit ${limit} for update`;
  return rows.map((row) => {
    const { lastSentAt, ...rest } = Stored.parse(row);
    return { ...rest, lastSentMs: lastSentAt?.getTime() ?? null };
  });
}

/** Which of these are told of in a group of that key, by channel and episode. */
export async function readMembers(
  db: Db,
  workspace: string,
  key: string,
): Promise<Map<string, string[]>> {
  const rows = await db.noticeGroup.findMany({
    where: { workspace, key },
    select: { channelId: true, members: true },
  });
  return new Map(rows.map(({ channelId, members }) => [channelId, members]));
}

export type GroupChange = Omit<GroupRow, "labels" | "lastSentMs" | "told"> & {
  flushAt: Date | null;
  /** Told of no more, though no message said so. */
  forgotten: string[];
};

export async function saveGroups(
  db: Db,
  workspace: string,
  changes: readonly GroupChange[],
): Promise<void> {
  if (changes.length === 0) return;
  await db.$executeRaw`
    update notice_group g set members = n.members, state = n.state, timing = coalesce(n.timing, '{}'), sequence = n.sequence,
      flush_at = n."flushAt", told = g.told - n.forgotten
    from json_to_recordset(${JSON.stringify(changes)}::json) as n("channelId" text, key text,
      members text[], state jsonb, timing jsonb, sequence int, "flushAt" timestamptz, forgotten text[])
    where g.workspace = ${workspace} and g.channel_id = n."channelId" and g.key = n.key`;
}

/** When the next group is to be looked at. */
export async function readNextFlush(db: Db, workspace: string): Promise<Date | null> {
  const { _min } = await db.noticeGroup.aggregate({
    where: { workspace },
    _min: { flushAt: true },
  });
  return _min.flushAt;
}

export type Sending = {
  last: Last;
  dueAt: Date | null;
  /** Members that messages without an answer may have told of, or that another channel told of in this one's place. */
  maybe: Set<string>;
};

/** What became of each group's newest message, in the order of the groups. */
export async function readSendings(
  db: Db,
  workspace: string,
  groups: readonly GroupRow[],
): Promise<Sending[]> {
  const keys = groups.map(({ channelId, key, sequence, members }) => ({
    ...{ channelId, key, sequence, members, fallback: fallbackKey(channelId, key) },
  }));
  const rows = await db.$queryRaw<{ state: string | null; dueAt: Date | null; maybe: string[] }[]>`
    select d.state, d.due_at as "dueAt", array(
      select member ->> 'id' from delivery u, jsonb_array_elements(u.content -> 'firing') member
      where u.workspace = ${workspace} and u.channel_id = n."channelId" and u.group_key = n.key
        and u.attempts @> '[{"uncertain": true}]' and member ->> 'id' = any(n.members)
      union all (
      select member ->> 'id' from (channel c join delivery f on f.workspace = c.workspace
        and f.channel_id = c.id and f.group_key = n.fallback), jsonb_array_elements(f.content -> 'firing') member
      where c.workspace = ${workspace} and member ->> 'id' = any(n.members)
      except select member ->> 'id' from (channel c join delivery f on f.workspace = c.workspace
        and f.channel_id = c.id and f.group_key = n.fallback), jsonb_array_elements(f.content -> 'closed') member
      where c.workspace = ${workspace})) as maybe
    from rows from (json_to_recordset(${JSON.stringify(keys)}::json)
      as ("channelId" text, key text, sequence int, members text[], fallback text)) with ordinality
      as n("channelId", key, sequence, members, fallback, nth)
    left join delivery d on d.workspace = ${workspace} and d.channel_id = n."channelId"
      and d.group_key = n.key and d.sequence = n.sequence
    order by nth`;
  return rows.map(({ state, dueAt, maybe }) => ({
    ...{ last: lastOf(state), dueAt, maybe: new Set(maybe) },
  }));
}

function lastOf(state: string | null): Last {
  if (state === null) return "none";
  if (state === "dropped") return "failed";
  return ["queued", "retrying", "leased", "sent"].includes(state) ? (state as Last) : "failed";
}

/** Takes back a message that nobody is sending just now. */
export async function dropWaiting(
  db: Db,
  workspace: string,
  { channelId, key }: GroupKey,
  now: Date,
): Promise<void> {
  await db.$executeRaw`
    update delivery set state = 'dropped', state_reason = 'superseded', finished_at = ${now}
    where workspace = ${workspace} and id in (
      select id from delivery where workspace = ${workspace} and channel_id = ${channelId}
        and group_key = ${key} and state in ('queued', 'retrying') and finished_at is null
        and state_reason is null
      for update skip locked)`;
}

/** Of each channel, the groups that had a message since an instant, or have one on its way since. */
export async function readLately(
  db: Db,
  workspace: string,
  since: Date,
): Promise<Map<string, Set<string>>> {
  const rows = await db.$queryRaw<{ channelId: string; keys: string[] }[]>`
    select channel_id as "channelId", array_agg(key) as keys from notice_group
    where workspace = ${workspace} and (last_sent_at > ${since}
      or (state -> 'said' ->> 'atMs')::float8 > ${since.getTime()})
    group by channel_id`;
  return new Map(rows.map(({ channelId, keys }) => [channelId, new Set(keys)]));
}

export type Receiver = {
  id: string;
  name: string;
  kind: string;
  sendsCloses: boolean;
  isDefault: boolean;
};

/** Channels as routes see them, the oldest first. */
export async function listReceivers(workspace: string, db: Db = prisma): Promise<Receiver[]> {
  return db.channel.findMany({
    where: { workspace },
    select: { id: true, name: true, kind: true, sendsCloses: true, isDefault: true },
    orderBy: [{ createdAt: "asc" }, { id: "asc" }],
  });
}
