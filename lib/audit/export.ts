import { stringify } from "csv-stringify/sync";
import { withoutFormula } from "@/lib/format";
import type { AuditItem } from "./schema";

const jsonOf = (fields: object | null) => (fields === null ? null : JSON.stringify(fields));

/** The columns of the CSV, in order: names as in the JSON, nested ones joined by a dot. */
const COLUMNS: Record<string, (item: AuditItem) => string | null> = {
  at: (item) => item.at,
  id: (item) => item.id,
  "actor.kind": (item) => item.actor.kind,
  "actor.id": (item) => item.actor.id,
  "actor.label": (item) => item.actor.label,
  ip: (item) => item.ip,
  user_agent: (item) => item.user_agent,
  action: (item) => item.action,
  "target.kind": (item) => item.target.kind,
  "target.id": (item) => item.target.id,
  "target.label": (item) => item.target.label,
  before: (item) => jsonOf(item.before),
  after: (item) => jsonOf(item.after),
  reason: (item) => item.reason,
  request_id: (item) => item.request_id,
};

export const csvHeader = (): string => stringify([Object.keys(COLUMNS)]);

/** Rows without the header. */
export function csvRows(items: readonly AuditItem[]): string {
  const columns = Object.values(COLUMNS);
  return stringify(items.map((item) => columns.map((column) => withoutFormula(column(item)))));
}

export function ndjsonRows(items: readonly AuditItem[]): string {
  return items.map((item) => `${JSON.stringify(item)}\n`).join("");
}
