import { newId } from "@/lib/auth/secrets";
import { type Db, prisma } from "@/lib/db/client";

/** Somebody at a provider: what it calls them never changes, as their address may. */
export type Account = { issuer: string; sub: string };

const where = ({ issuer, sub }: Account) => ({
  providerId_accountId: { providerId: issuer, accountId: sub },
});

/** One at a time, so that nobody is made twice who comes by two windows at once. */
export async function lockAccounts(db: Db): Promise<void> {
  await db.$executeRaw`select pg_advisory_xact_lock(hashtext('watchkeeper/oidc'))`;
}

export async function readOwner(account: Account, db: Db = prisma): Promise<string | null> {
  const row = await db.personAccount.findUnique({ where: where(account) });
  return row?.personId ?? null;
}

/** Whose account it is from here on. */
export async function saveOwner(db: Db, account: Account, personId: string): Promise<void> {
  const { issuer: providerId, sub: accountId } = account;
  const create = { id: newId("acct"), personId, providerId, accountId };
  await db.personAccount.upsert({ where: where(account), create, update: { personId } });
}
