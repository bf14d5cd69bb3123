import { PATIENT, prisma } from "@/lib/db/client";
import { bringActionsBack, bringRulesBack, lockAhead, saveHeld } from "./clock-store";
import { readInstances } from "./evaluation-store";
import { afterStepBack } from "./machine";
import { nextTick } from "./ticks";

/**
 * After the clock has gone back, rules that were decided at ticks still to come go on at the next one, as
 * after a standstill: what fires goes on firing, what is pending begins again. Without it they would be
 * silent until the clock has come as far again. Returns how many rules these were.
 */
export async function bringAlertsBack(now: Date): Promise<number> {
  await bringActionsBack(now);
  return prisma.$transaction(async (tx) => {
    const ahead = await lockAhead(tx, now);
    if (ahead.length === 0) return 0;
    const rules = ahead.map(({ workspace, id, everyMs, offsetMs }) => {
      const dueMs = nextTick(now.getTime(), everyMs, offsetMs);
      return { workspace, ruleId: id, tick: new Date(dueMs - everyMs), dueAt: new Date(dueMs) };
    });
    await bringRulesBack(tx, rules, now);
    const lives = await readInstances(rules, tx);
    const held = rules.flatMap(({ workspace, ruleId, tick }) =>
      (lives.get(`${workspace}/${ruleId}`) ?? []).map(({ fingerprint, instance }) => ({
        ...{ workspace, ruleId, fingerprint },
        instance: afterStepBack(instance, tick.getTime()),
      })),
    );
    if (held.length > 0) await saveHeld(tx, held);
    return ahead.length;
  }, PATIENT);
}
