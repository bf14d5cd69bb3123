import type { Db } from "@/lib/db/client";

const made = new Set<string>();

/** True when this process knows that the day's partitions are there. */
export function isPrepared(day: string): boolean {
  return made.has(day);
}

/** Makes the day's partitions where they are missing. `day` as YYYY-MM-DD. */
export async function makeDay(db: Db, day: string): Promise<void> {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(day)) throw new Error(`not a day: ${day}`);
  const name = day.replaceAll("-", "");
  const next = new Date(Date.parse(`${day}T00:00:00Z`) + 86_400_000).toISOString().slice(0, 10);
  // Two processes meet here at midnight; the lock lets one make the tables and the other find them.
  await db.$executeRaw`select pg_advisory_xact_lock(7410001)`;
  for (const table of ["event", "span", "message_text"])
    await db.$executeRawUnsafe(
      `create table if not exists "${table}_${name}" partition of "${table}" for values from ('${day}') to ('${next}')`,
    );
}

/** To be called once the transaction that made them is committed. */
export function rememberDay(day: string): void {
  made.add(day);
}
