import { seal, unseal } from "@/lib/auth/sealing";
import { newSecret } from "@/lib/auth/secrets";
import type { Db } from "@/lib/db/client";

const KEY = "gone_key";
const place = (workspace: string) => `gone/${workspace}`;

/** By the sealed text, which a rotation replaces: opening it reads the master key's file each time. */
const opened = new Map<string, string>();
const MOST_OPENED = 100;

/** What opens a workspace's sealed key of hashes. Throws `unavailable` where its master key is lost. */
export async function openGoneKey(workspace: string, sealed: string): Promise<string> {
  const known = opened.get(sealed);
  if (known !== undefined) return known;
  const key = await unseal(sealed, place(workspace));
  if (opened.size >= MOST_OPENED) opened.clear();
  opened.set(sealed, key);
  return key;
}

/** The key of hashes by which gone sessions are known, made on first need: 256 random bits, stored sealed. */
export async function makeGoneKey(db: Db, workspace: string): Promise<string> {
  const known = await readSealed(db, workspace);
  if (known !== null) return openGoneKey(workspace, known);
  const value = JSON.stringify({ sealed: await seal(newSecret(), place(workspace)) });
  await db.$executeRaw`
    insert into setting (workspace, key, value) values (${workspace}, ${KEY}, ${value}::jsonb)
    on conflict do nothing`;
  return openGoneKey(workspace, (await readSealed(db, workspace)) ?? "");
}

async function readSealed(db: Db, workspace: string): Promise<string | null> {
  const { sealed } = await readGoneState(db, workspace);
  return sealed;
}

/** The sealed key, and whether any session is gone at all. */
export async function readGoneState(
  db: Db,
  workspace: string,
): Promise<{ sealed: string | null; isAny: boolean }> {
  const rows = await db.$queryRaw<Array<{ sealed: string | null; isAny: boolean }>>`
    select (select value ->> 'sealed' from setting
        where workspace = ${workspace} and key = ${KEY}) as sealed,
      exists (select from gone_session where workspace = ${workspace}) as "isAny"`;
  return rows[0] ?? { sealed: null, isAny: false };
}
