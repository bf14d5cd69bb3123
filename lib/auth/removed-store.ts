import type { Db } from "@/lib/db/client";
import { sha256 } from "./secrets";

/** What an account elsewhere is called here: of `person_account`. */
export const accountKey = (providerId: string, accountId: string) => `${providerId} ${accountId}`;

/** They do not come back by themselves. `names` are an address and accounts elsewhere, kept as hashes. */
export async function saveRemoved(
  db: Db,
  workspace: string,
  names: readonly string[],
): Promise<void> {
  const data = names.map((name) => ({ workspace, hash: sha256(name) }));
  await db.removedPerson.createMany({ data, skipDuplicates: true });
}

const among = (workspace: string, names: readonly string[]) => ({
  where: { workspace, hash: { in: names.map(sha256) } },
});

export async function wasRemoved(
  db: Db,
  workspace: string,
  names: readonly string[],
): Promise<boolean> {
  return (await db.removedPerson.count(among(workspace, names))) > 0;
}

export async function deleteRemoved(
  db: Db,
  workspace: string,
  names: readonly string[],
): Promise<void> {
  await db.removedPerson.deleteMany(among(workspace, names));
}
