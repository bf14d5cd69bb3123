import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import { prisma } from "@/lib/db/client";

export const Health = z
  .object({ status: z.enum(["ok", "degraded", "down"]), version: z.string() })
  .meta({ id: "Health" });
export type Health = z.infer<typeof Health>;

const SLOW_MS = 1000;
const GIVE_UP_MS = 3000;

/** Whether the database answers at once, late, or not at all. Never throws. */
export async function readHealth(): Promise<Health["status"]> {
  const startedMs = performance.now();
  const answered = await Promise.race([
    prisma.$queryRaw`select 1`.then(
      () => true,
      () => false,
    ),
    sleep(GIVE_UP_MS, false, { ref: false }),
  ]);
  if (!answered) return "down";
  return performance.now() - startedMs > SLOW_MS ? "degraded" : "ok";
}
