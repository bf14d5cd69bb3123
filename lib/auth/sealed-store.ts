import { z } from "zod";
import type { DirectClient } from "@/lib/db/with-client";

const SealedSecret = z.object({
  relation: z.enum(["connection", "channel", "setting", "second_factor"]),
  workspace: z.string(),
  id: z.string(),
  name: z.string(),
  what: z.string(),
  place: z.string(),
  sealed: z.string(),
});
/** One stored secret: whose it is, which of its secrets, and the place it is bound to. */
export type SealedSecret = z.infer<typeof SealedSecret>;

/** Of all workspaces. Without Prisma, so that a start can ask for little memory. */
export async function listSealed(db: DirectClient): Promise<SealedSecret[]> {
  const { rows } = await db.query(
    "select * from sealed_secret where sealed <> '' order by relation, name, id, what, sealed",
  );
  return z.array(SealedSecret).parse(rows);
}

/** `$3` is the sealed text as it is, `$4` what it becomes. A sealed text is nowhere else in its row. */
const REPLACING: Record<SealedSecret["relation"], string> = {
  connection: `update connection set
       api_key_sealed = case api_key_sealed when $3 then $4 else api_key_sealed end,
       admin_key_sealed = case admin_key_sealed when $3 then $4 else admin_key_sealed end,
       webhook_secrets_sealed = array_replace(webhook_secrets_sealed, $3, $4)
     where workspace = $1 and id = $2
       and $3 = any(array[api_key_sealed, admin_key_sealed] || webhook_secrets_sealed)`,
  channel: `update channel set secrets = replace(secrets::text, $3, $4)::jsonb
     where workspace = $1 and id = $2 and position($3 in secrets::text) > 0`,
  setting: `update setting set value = replace(value::text, $3, $4)::jsonb
     where workspace = $1 and key = $2 and position($3 in value::text) > 0`,
  // Of a person, and so of no workspace.
  second_factor:
    "update second_factor set key_sealed = $4 where $1 <> '' and person_id = $2 and key_sealed = $3",
};

/** False when it is not there any more: somebody has changed it meanwhile. */
export async function replaceSealed(
  db: DirectClient,
  { relation, workspace, id, sealed }: SealedSecret,
  next: string,
): Promise<boolean> {
  const { rowCount } = await db.query(REPLACING[relation], [workspace, id, sealed, next]);
  return rowCount === 1;
}

/** Of a webhook secret nothing stays; what cannot do without its secret stops, and says why. */
const CLEARING: Record<SealedSecret["relation"], readonly string[]> = {
  connection: [
    `update connection set api_key_sealed = '', api_key_hint = '', state = 'failed',
       state_reason = 'Its API key was cleared when the key of stored secrets was lost. Enter it again.'
     where workspace = $1 and id = $2 and api_key_sealed = $3`,
    `update connection set admin_key_sealed = null
     where workspace = $1 and id = $2 and admin_key_sealed = $3`,
    `update connection c set (webhook_secrets_sealed, webhook_secret_hints, webhook_secret_times) = (
       select coalesce(array_agg(s order by n), '{}'), coalesce(array_agg(h order by n), '{}'),
         coalesce(array_agg(t order by n), '{}')
       from unnest(c.webhook_secrets_sealed, c.webhook_secret_hints, c.webhook_secret_times)
         with ordinality as kept (s, h, t, n)
       where s <> $3)
     where workspace = $1 and id = $2 and $3 = any(webhook_secrets_sealed)`,
    `update connection set webhooks_since = null
     where workspace = $1 and id = $2 and webhook_secrets_sealed = '{}' and $3 <> ''`,
  ],
  channel: [
    `update channel set secrets = replace(secrets::text, $3, '')::jsonb
     where workspace = $1 and id = $2`,
  ],
  setting: ["delete from setting where workspace = $1 and key = $2 and value ->> 'sealed' = $3"],
  // Backup codes stay good, and the second factor required: a lost key opens nothing.
  second_factor: [
    "update second_factor set key_sealed = '' where $1 <> '' and person_id = $2 and key_sealed = $3",
  ],
};

/** Takes a secret away for good. */
export async function clearSealed(
  db: DirectClient,
  { relation, workspace, id, sealed }: SealedSecret,
): Promise<void> {
  for (const sql of CLEARING[relation]) await db.query(sql, [workspace, id, sealed]);
}

/**
 * One rotation at a time, over all machines, for as long as this connection lives. It alone may store
 * a row of which a part is still sealed with a retired key.
 */
export async function claimRotation(db: DirectClient): Promise<boolean> {
  await db.query("select set_config('watchkeeper.rotating', 'on', false)");
  const { rows } = await db.query("select pg_try_advisory_lock(7249010) as taken");
  return rows[0]?.taken === true;
}

/**
 * From now on nothing is stored that these keys have sealed. Waits for the transactions that were
 * storing something; those that come meanwhile wait, and are refused.
 */
export async function retireKeys(db: DirectClient, ids: readonly string[]): Promise<void> {
  await db.query("begin");
  try {
    await db.query("select pg_advisory_xact_lock(7249011)");
    await db.query(
      "insert into retired_key (id) select unnest($1::text[]) on conflict do nothing",
      [ids],
    );
    await db.query("commit");
  } catch (error) {
    await db.query("rollback");
    throw error;
  }
}

/** It is the present one again. */
export async function reviveKey(db: DirectClient, id: string): Promise<void> {
  await db.query("delete from retired_key where id = $1", [id]);
}
