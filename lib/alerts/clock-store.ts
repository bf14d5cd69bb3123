import { type Db, prisma } from "@/lib/db/client";
import type { InstanceRow } from "./evaluation-store";

export type RuleAhead = { workspace: string; id: string; everyMs: number; offsetMs: number };

/** Rules that have been decided at ticks which are still to come; nobody else decides them meanwhile. */
export function lockAhead(db: Db, now: Date): Promise<RuleAhead[]> {
  return db.$queryRaw`
    select workspace, id, every_ms as "everyMs", offset_ms as "offsetMs" from alert_rule
    where cursor > ${now} order by workspace, id for update`;
}

export type RuleBack = { workspace: string; ruleId: string; tick: Date; dueAt: Date };

/**
 * Has rules decided up to a tick and no further. What their ticks after it came to is forgotten, but for
 * what changed by it: that stands at the tick, in its order, and so do alerts that opened or closed after it.
 */
export async function bringRulesBack(db: Db, rules: readonly RuleBack[], now: Date): Promise<void> {
  const given = JSON.stringify(rules);
  await db.$executeRaw`
    update alert_rule r set cursor = n.tick, due_at = n."dueAt",
      health_since = least(health_since, ${now}), evaluated_at = least(evaluated_at, ${now})
    from json_to_recordset(${given}::json)
      as n(workspace text, "ruleId" text, tick timestamptz, "dueAt" timestamptz)
    where r.workspace = n.workspace and r.id = n."ruleId"`;
  await db.$executeRaw`
    delete from alert_evaluation e using json_to_recordset(${given}::json)
      as n(workspace text, "ruleId" text, tick timestamptz)
    where e.workspace = n.workspace and e.rule_id = n."ruleId" and e.tick > n.tick`;
  await db.$executeRaw`
    update alert_evaluation e set until_tick = n.tick from json_to_recordset(${given}::json)
      as n(workspace text, "ruleId" text, tick timestamptz)
    where e.workspace = n.workspace and e.rule_id = n."ruleId" and e.until_tick > n.tick`;
  await db.$executeRaw`
    with later as (
      select t.workspace, t.rule_id, t.fingerprint, t.tick, t.step, n.tick as stands,
        row_number() over (partition by t.workspace, t.rule_id, t.fingerprint
          order by t.tick, t.step) as nth
      from alert_transition t join json_to_recordset(${given}::json)
        as n(workspace text, "ruleId" text, tick timestamptz)
        on t.workspace = n.workspace and t.rule_id = n."ruleId" and t.tick > n.tick)
    update alert_transition t set tick = l.stands, step = l.nth + coalesce((
      select max(step) from alert_transition b where b.workspace = t.workspace
        and b.rule_id = t.rule_id and b.fingerprint = t.fingerprint and b.tick = l.stands), -1)
    from later l where t.workspace = l.workspace and t.rule_id = l.rule_id
      and t.fingerprint = l.fingerprint and t.tick = l.tick and t.step = l.step`;
  await db.$executeRaw`
    update alert_episode e set opened_at = least(opened_at, n.tick),
      closed_at = least(closed_at, n.tick), acknowledged_at = least(acknowledged_at, ${now})
    from json_to_recordset(${given}::json) as n(workspace text, "ruleId" text, tick timestamptz)
    where e.workspace = n.workspace and e.rule_id = n."ruleId"
      and (opened_at > n.tick or closed_at > n.tick)`;
}

type Held = Pick<InstanceRow, "ruleId" | "fingerprint" | "instance"> & { workspace: string };

/** What label sets were left at, with nothing else of them changed. */
export async function saveHeld(db: Db, held: readonly Held[]): Promise<void> {
  const rows = held.map(({ instance, ...row }) => ({
    ...{ ...row, state: instance },
    ...{ since: new Date(instance.sinceMs), seen: new Date(instance.seenMs) },
  }));
  await db.$executeRaw`
    update alert_instance i set state = n.state, since = n.since, seen_at = n.seen
    from json_to_recordset(${JSON.stringify(rows)}::json) as n(workspace text, "ruleId" text,
      fingerprint text, state jsonb, since timestamptz, seen timestamptz)
    where i.workspace = n.workspace and i.rule_id = n."ruleId" and i.fingerprint = n.fingerprint`;
}

/** Actions that wait longer than they were to. */
export async function bringActionsBack(now: Date, db: Db = prisma): Promise<void> {
  await db.$executeRaw`
    update session_action set due_at = least(due_at, ${now}), claimed_at = least(claimed_at, ${now}),
      tried_at = least(tried_at, ${now})
    where due_at > ${now} or claimed_at > ${now} or tried_at > ${now}`;
}
