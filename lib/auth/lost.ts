import type { SealedSecret } from "./sealed-store";

/** Rows named of one table. */
const MOST_NAMED = 20;

type Lost = Pick<SealedSecret, "relation" | "id" | "name" | "what">;

/** Which rows have secrets that cannot be opened, a line each: table, name, secrets. */
export function lostRows(lost: readonly Lost[]): string[] {
  return grouped(lost, ({ relation }) => relation).flatMap(([relation, secrets]) => {
    const rows = grouped(secrets, ({ id, name }) => `${name} (${id})`);
    const lines = rows.map(([row, own]) => `    ${row}: ${own.map(({ what }) => what).join(", ")}`);
    const head = `  ${relation}: ${counted(secrets.length, "secret")} of ${counted(rows.length, "row")}`;
    const more = rows.length > MOST_NAMED ? [`    and ${rows.length - MOST_NAMED} more`] : [];
    return [head, ...lines.slice(0, MOST_NAMED), ...more];
  });
}

/** What an operator has to know of them, and what can be done. */
export function lostText(lost: readonly Lost[], keyIds: readonly string[] = []): string {
  const keys = keyIds.length > 0 ? ` (${keyIds.join(", ")})` : "";
  return [
    `Stored secrets cannot be opened: the key they were encrypted with${keys} is not here.`,
    ...lostRows(lost),
    'Put it back: the file "secret" in the folder WATCHKEEPER_DATA, or WATCHKEEPER_SECRET as it was.',
    "If it is lost, clear these secrets: npm run rotate-secret -- --forget. It says what must be entered again.",
  ].join("\n");
}

const counted = (count: number, one: string) => `${count} ${count === 1 ? one : `${one}s`}`;

function grouped<T>(items: readonly T[], keyOf: (item: T) => string): [string, T[]][] {
  const groups = new Map<string, T[]>();
  for (const item of items) groups.set(keyOf(item), [...(groups.get(keyOf(item)) ?? []), item]);
  return [...groups];
}
