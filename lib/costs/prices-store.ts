import { type Db, prisma } from "@/lib/db/client";
import { type PriceVersion, Prisma } from "@/lib/db/generated/client";
import { bookNamed, bookOf, parseBookName } from "./own-prices";
import { Terms } from "./own-schema";
import { PRICE_BOOK } from "./prices";
import type { PriceBook } from "./schema";

export type VersionRow = Omit<PriceVersion, "terms"> & { terms: Terms };

const rowOf = (row: PriceVersion): VersionRow => ({ ...row, terms: Terms.parse(row.terms) });

/** Names one version for ever: a number alone may come again in a database that was restored. */
export type VersionRef = { number: number; id: string };

const lockKey = (workspace: string) =>
  Prisma.sql`hashtextextended(${`watchkeeper prices ${workspace}`}, 0)`;

/**
 * Part of a transaction's first statement: whoever prices sessions holds it to the end, so that a save
 * waits for those under way, and what begins after a save has answered sees its version. The version
 * is read in a later statement: one that has waited for the lock sees what was there before the wait.
 */
export const pricesHeld = (workspace: string) =>
  Prisma.sql`select pg_advisory_xact_lock_shared(${lockKey(workspace)})`;

/** The current version as JSON, null without one: part of a statement that reads more. */
export const currentVersion = (workspace: string) => Prisma.sql`(
  select json_build_object('number', number, 'id', id) from price_version
  where workspace = ${workspace} order by number desc limit 1)`;

export async function holdPrices(db: Db, workspace: string): Promise<void> {
  await db.$executeRaw`${pricesHeld(workspace)}`;
}

/** Waits until nobody prices with the version that is to be replaced. */
export async function lockPrices(db: Db, workspace: string): Promise<void> {
  await db.$executeRaw`select pg_advisory_xact_lock(${lockKey(workspace)})`;
}

/** The newest; null while there are no own terms. */
export async function readCurrent(workspace: string, db: Db = prisma): Promise<VersionRow | null> {
  const row = await db.priceVersion.findFirst({
    where: { workspace },
    orderBy: { number: "desc" },
  });
  return row && rowOf(row);
}

export async function readVersion(
  workspace: string,
  number: number,
  db: Db = prisma,
): Promise<VersionRow | null> {
  const row = await db.priceVersion.findUnique({
    where: { workspace_number: { workspace, number } },
  });
  return row && rowOf(row);
}

/** Newest first, at most `limit` with a lower number than `below`. */
export async function listVersions(
  workspace: string,
  { below, limit }: { below: number; limit: number },
  db: Db = prisma,
): Promise<Omit<VersionRow, "terms">[]> {
  return db.priceVersion.findMany({
    where: { workspace, number: { lt: below } },
    omit: { terms: true },
    orderBy: { number: "desc" },
    take: limit,
  });
}

export async function saveVersion(db: Db, row: VersionRow): Promise<void> {
  await db.priceVersion.create({ data: row });
}

/** Books by their version's id; a version never changes. */
const books = new Map<string, PriceBook>();
const MOST_BOOKS = 100;

/** The book of a version; null is the published one. */
export async function readBook(
  db: Db,
  workspace: string,
  ref: VersionRef | null,
): Promise<PriceBook> {
  if (ref === null) return PRICE_BOOK;
  const known = books.get(ref.id);
  if (known) return known;
  const row = await readVersion(workspace, ref.number, db);
  const book = row ? bookOf(row.terms, row.pricedAs) : PRICE_BOOK;
  const [oldest] = books.keys();
  if (oldest !== undefined && books.size >= MOST_BOOKS) books.delete(oldest);
  books.set(ref.id, book);
  return book;
}

/** The book that prices what comes in now. In a transaction that writes prices, hold them first. */
export async function readCurrentBook(db: Db, workspace: string): Promise<PriceBook> {
  const [row] = await db.$queryRaw<Array<{ ref: VersionRef | null }>>`
    select ${currentVersion(workspace)} as ref`;
  return readBook(db, workspace, row?.ref ?? null);
}

/** The book a session names; null where it is not known here. */
export async function readBookNamed(
  db: Db,
  workspace: string,
  name: string,
): Promise<PriceBook | null> {
  const number = parseBookName(name)?.number ?? 0;
  const row = number === 0 ? null : await readVersion(workspace, number, db);
  return bookNamed(name, row?.terms ?? null);
}
