import { KINDS_OF_SESSIONS } from "@/lib/audit/actions";
import type { Db } from "@/lib/db/client";
import type { ErasureReport } from "./erasure-schema";
import { ERASED, isNamed, type Names, needlesOf, withoutNames, withoutWords } from "./nameless";
import { holdsAny } from "./scrub-store";

type Row = {
  id: string;
  isOfSession: boolean;
  isKept: boolean;
  target: string | null;
  label: string | null;
  before: string | null;
  after: string | null;
  reason: string | null;
};

const TOLD = ["target_id", "target_label", "before", "after", "reason"] as const;
const MOST_LEFT = 20;

/**
 * The log says who did what and when, but not to which of those that are erased. What is about people, keys
 * and settings stays as it is, whatever a session was called: the report names it where it holds a name.
 */
export async function rewriteAudit(
  db: Db,
  workspace: string,
  names: Names,
): Promise<Pick<ErasureReport, "audit" | "written">> {
  await db.$queryRaw`select set_config('watchkeeper.audit_erasing', 'on', true)`;
  const rows = await db.$queryRaw<Row[]>`
    select id, action like 'session.%' as "isOfSession",
      split_part(action, '.', 1) <> all(${[...KINDS_OF_SESSIONS]}::text[]) as "isKept",
      target_id as target, target_label as label, before::text, after::text, reason
    from audit where workspace = ${workspace} and (target_id = any(${[...names.ids.keys()]}::text[])
      or ${holdsAny(TOLD, needlesOf(names))}) for update`;
  let audit = 0;
  const written: ErasureReport["written"] = [];
  for (const row of rows) {
    if (row.isKept) {
      const text = [row.label, row.before, row.after, row.reason].join(" ");
      if (written.length < MOST_LEFT && isNamed(text, names))
        written.push({ what: "audit", id: row.id, now: "left" });
      continue;
    }
    const now = rewritten(row, names);
    if (now === null) continue;
    audit += await db.$executeRaw`
      update audit set target_id = ${now.target}, target_label = ${now.label},
        before = ${now.before}::jsonb, after = ${now.after}::jsonb, reason = ${now.reason}
      where workspace = ${workspace} and id = ${row.id}`;
  }
  return { audit, written };
}

/** Null: it names nobody. */
function rewritten(row: Row, names: Names): Row | null {
  const { isOfSession, target, label } = row;
  const now = {
    ...row,
    target: isOfSession && target !== null && names.ids.has(target) ? ERASED : target,
    label: isOfSession && label !== null ? withoutWords(label, names) : label,
    before: json(row.before, names),
    after: json(row.after, names),
    reason: row.reason === null ? null : withoutWords(row.reason, names),
  };
  const isSame = (Object.keys(now) as (keyof Row)[]).every((name) => now[name] === row[name]);
  return isSame ? null : now;
}

function json(text: string | null, names: Names): string | null {
  if (text === null) return null;
  const value: unknown = JSON.parse(text);
  const now = JSON.stringify(withoutNames(value, names));
  return now === JSON.stringify(value) ? text : now;
}
