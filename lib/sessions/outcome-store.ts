import { type Db, prisma } from "@/lib/db/client";

export type SessionOutcome = { id: string; outcome: string; cost_nanos: number };

/** How sessions stand and what they cost, by id; what is not there any more is left out. */
export async function readOutcomes(
  workspace: string,
  ids: readonly string[],
  db: Db = prisma,
): Promise<Map<string, SessionOutcome>> {
  if (ids.length === 0) return new Map();
  const rows = await db.session.findMany({
    where: { workspace, sessionId: { in: [...new Set(ids)] } },
    select: { sessionId: true, outcome: true, computedNanos: true },
  });
  return new Map(
    rows.map(({ sessionId: id, outcome, computedNanos }) => [
      id,
      { id, outcome, cost_nanos: Number(computedNanos) },
    ]),
  );
}
