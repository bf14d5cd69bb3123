import { prisma } from "@/lib/db/client";
import { BUILTIN } from "./builtin";
import { judgedOf } from "./rule";
import { insertRule, lockBuiltin, readLacking } from "./rule-store";
import { nextTick, offsetOf } from "./ticks";

/** Gives every workspace the rules about Watchkeeper itself that it has not; also when several workers do. */
export async function ensureBuiltin(now: Date): Promise<void> {
  const ids = Object.keys(BUILTIN);
  if ((await readLacking(ids)).length === 0) return;
  await prisma.$transaction(async (tx) => {
    await lockBuiltin(tx);
    for (const { workspace, id } of await readLacking(ids, tx)) {
      const rule = BUILTIN[id];
      if (!rule) continue;
      const { everyMs } = judgedOf(rule);
      const offsetMs = offsetOf(id, everyMs);
      const dueAt = new Date(nextTick(now.getTime(), everyMs, offsetMs));
      const made = { id, rule, everyMs, offsetMs, dueAt, now, author: "Watchkeeper" };
      await insertRule(tx, workspace, made);
    }
  });
}
