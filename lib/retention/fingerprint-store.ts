import { createHmac } from "node:crypto";
import type { Db } from "@/lib/db/client";
import { Prisma } from "@/lib/db/generated/client";
import { ERASED, type Names } from "./nameless";

/** Tells fingerprints that are made with the key from those that anybody can make of labels. */
const KEYED = "k1.";
const DIGITS = 20;

const keyedPrint = (key: string, fingerprint: string) =>
  KEYED + createHmac("sha256", key).update(fingerprint).digest("hex").slice(0, DIGITS);

/**
 * A fingerprint is a hash of labels, and would confirm a name that somebody guesses. Of labels that are named
 * anew, and of those that only transitions and evaluations still know, it is hashed once more with a key.
 */
export async function keyFingerprints(
  db: Db,
  workspace: string,
  { names, key }: { names: Names; key: string },
): Promise<number> {
  const found = await readPrints(db, workspace, names);
  if (found.length === 0) return 0;
  const prints = JSON.stringify(
    found.map(({ rule, was }) => ({ rule, was, now: keyedPrint(key, was) })),
  );
  const table = Prisma.sql`json_to_recordset(${prints}::json) as n(rule text, was text, now text)`;
  for (const name of ["alert_instance", "alert_episode", "alert_transition"])
    await db.$executeRaw`
      update ${Prisma.raw(name)} t set fingerprint = n.now from ${table}
      where t.workspace = ${workspace} and t.rule_id = n.rule and t.fingerprint = n.was`;
  await db.$executeRaw`
    update alert_evaluation e set results = (
      select jsonb_object_agg(coalesce(n.now, r.key), r.value)
      from jsonb_each(e.results) r left join ${table} on n.rule = e.rule_id and n.was = r.key)
    where e.workspace = ${workspace} and exists (
      select from ${table} where n.rule = e.rule_id and e.results ? n.was)`;
  return found.length;
}

async function readPrints(
  db: Db,
  workspace: string,
  { value }: Names,
): Promise<Array<{ rule: string; was: string }>> {
  const label = value && `metadata.${value.key}`;
  return db.$queryRaw`
    with known as (
      select rule_id, fingerprint, labels from alert_instance where workspace = ${workspace}
      union all
      select rule_id, fingerprint, labels from alert_episode where workspace = ${workspace}),
    named as (
      select id from alert_rule where workspace = ${workspace} and (kind = 'session'
        or (${label}::text is not null and body -> 'group_by' ? ${label})
        or (kind = 'composite' and ${label}::text is not null)))
    select rule_id as rule, fingerprint as was from known
    where fingerprint not like ${`${KEYED}%`} and exists (
      select from jsonb_each_text(labels) l where l.value like ${`${ERASED}:%`})
    union
    select t.rule_id, t.fingerprint from alert_transition t join named on named.id = t.rule_id
    where t.workspace = ${workspace} and t.fingerprint not like ${`${KEYED}%`}
      and not exists (select from known k where k.rule_id = t.rule_id and k.fingerprint = t.fingerprint)
    union
    select e.rule_id, r.key from alert_evaluation e join named on named.id = e.rule_id
      cross join lateral jsonb_object_keys(e.results) r(key)
    where e.workspace = ${workspace} and r.key ~ '^[0-9a-f]{20}$'
      and not exists (select from known k where k.rule_id = e.rule_id and k.fingerprint = r.key)`;
}
