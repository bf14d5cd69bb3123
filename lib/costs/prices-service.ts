import { randomUUID } from "node:crypto";
import { record } from "@/lib/audit/service";
import type { Caller } from "@/lib/auth/schema";
import { authorOf } from "@/lib/auth/service";
import { PATIENT, prisma } from "@/lib/db/client";
import { AppError } from "@/lib/http/errors";
import { bookOf } from "./own-prices";
import { PRICE_BOOK } from "./prices";
import { itemsOf, metersOf } from "./prices-item";
import type {
  Prices,
  PricesChange,
  VersionDetail,
  VersionItem,
  VersionQuery,
  VersionsPage,
  VersionsQuery,
} from "./prices-schema";
import {
  listVersions,
  lockPrices,
  readCurrent,
  readVersion,
  saveVersion,
  type VersionRow,
} from "./prices-store";
import { NO_TERMS } from "./terms";
import { changesOf, isPricedAlike } from "./terms-change";

const itemOf = ({ number, author, note, createdAt }: Omit<VersionRow, "terms">): VersionItem => ({
  number,
  author,
  note,
  created_at: createdAt.toISOString(),
});

/** What holds now. */
export async function readPrices(workspace: string): Promise<Prices> {
  return pricesOf(await readCurrent(workspace));
}

function pricesOf(row: VersionRow | null): Prices {
  const terms = row?.terms ?? NO_TERMS;
  const number = row?.number ?? 0;
  const book = bookOf(terms, row?.pricedAs ?? 0);
  return {
    version: book.version,
    number,
    published: PRICE_BOOK.version,
    saved: row && itemOf(row),
    terms,
    prices: itemsOf(book),
    meters: metersOf(book),
  };
}

/**
 * Makes a new version of the terms; once this has answered, everything that comes in is priced with it.
 * Throws `conflict` when somebody else has saved since `based_on`, `invalid` when nothing would change.
 */
export async function savePrices(
  caller: Caller,
  { based_on, terms, note }: PricesChange,
  now = new Date(),
): Promise<Prices> {
  const { workspace } = caller;
  const author = await authorOf(caller);
  return prisma.$transaction(async (tx) => {
    await lockPrices(tx, workspace);
    const current = await readCurrent(workspace, tx);
    const number = current?.number ?? 0;
    if (number !== based_on) throw new AppError("conflict", conflictWords(based_on, current));
    const before = current?.terms ?? NO_TERMS;
    if (changesOf(before, terms).length === 0)
      throw new AppError("invalid", "Nothing would change: these terms hold already.");
    const row: VersionRow = {
      ...{ workspace, number: number + 1, id: randomUUID(), createdAt: now },
      ...{ terms, author, note },
      // Where no price changes, nothing has to be priced anew.
      pricedAs: current && isPricedAlike(before, terms) ? current.pricedAs : number + 1,
    };
    await saveVersion(tx, row);
    const target = { id: `${row.number}`, name: bookOf(terms, row.pricedAs).version };
    const states = { before, after: terms, reason: note };
    await record(tx, workspace, { action: "prices.changed", target, ...states });
    return pricesOf(row);
  }, PATIENT);
}

function conflictWords(basedOn: number, current: VersionRow | null): string {
  if (current === null) return `There is no version ${basedOn}: read the prices again.`;
  const { number, author, createdAt } = current;
  const saved = `Version ${number} was saved meanwhile (${author}, ${createdAt.toISOString()})`;
  return `${saved}: read the prices again, and make your change to those.`;
}

export async function readVersions(
  workspace: string,
  { limit, cursor }: VersionsQuery,
): Promise<VersionsPage> {
  const below = cursor === undefined ? 2_000_000_000 : Number(cursor);
  const rows = await listVersions(workspace, { below, limit: limit + 1 });
  const data = rows.slice(0, limit).map(itemOf);
  return { data, next_cursor: rows.length > limit ? `${data.at(-1)?.number}` : null };
}

/** A version and what it changed, or how it differs from any other. Throws `not_found`. */
export async function readVersionDetail(
  workspace: string,
  number: number,
  { against = number - 1 }: VersionQuery,
): Promise<VersionDetail> {
  const [row, other] = await Promise.all([
    requireVersion(workspace, number),
    termsOf(workspace, against),
  ]);
  return {
    ...itemOf(row),
    version: bookOf(row.terms, row.pricedAs).version,
    terms: row.terms,
    against,
    changes: changesOf(other, row.terms),
  };
}

async function requireVersion(workspace: string, number: number): Promise<VersionRow> {
  const row = await readVersion(workspace, number);
  if (!row) throw new AppError("not_found", `There is no version ${number} of the prices.`);
  return row;
}

/** Before the first version there were no terms. */
async function termsOf(workspace: string, number: number) {
  return number === 0 ? NO_TERMS : (await requireVersion(workspace, number)).terms;
}
