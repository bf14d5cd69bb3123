import type { Db } from "@/lib/db/client";
import { prisma } from "@/lib/db/client";
import type { Call } from "./masking";
import type { Origin } from "./schema";

/** The tools of calls whose use is stored. */
export async function readCallNames(
  { workspace, connectionId }: Omit<Origin, "source">,
  calls: readonly Call[],
  db: Db = prisma,
): Promise<(Call & { name: string })[]> {
  if (calls.length === 0) return [];
  return db.$queryRaw<(Call & { name: string })[]>`
    select s.session_id as "sessionId", s.id, s.name
    from unnest(${calls.map(({ sessionId }) => sessionId)}::text[], ${calls.map(({ id }) => id)}::text[])
        as c(session_id, id)
      join span s on s.workspace = ${workspace} and s.connection_id = ${connectionId}
        and s.session_id = c.session_id and s.id = c.id
    where s.kind = 'tool' and s.start_event_id is not null`;
}
