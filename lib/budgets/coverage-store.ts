import { type Db, prisma } from "@/lib/db/client";
import { Prisma } from "@/lib/db/generated/client";
import { versionOf } from "@/lib/sessions/row-store";
import type { Span } from "@/lib/time/range";
import type { UncappedVersion } from "./coverage";

type Row = {
  id: string | null;
  name: string | null;
  version: string | null;
  sessions: number;
  uncapped: number;
  settled: number;
  p95: number | null;
  most: string | null;
};

export type Coverage = {
  sessions: number;
  uncapped: number;
  deployments: number;
  uncappedDeployments: number;
  /** Agent versions with such sessions. */
  versions: number;
  shown: UncappedVersion[];
};

/** Loops outside the platform have no budget of their own to be given. */
const OWN_LOOPS = ["sdk", "otlp"];

/**
 * Sessions that started in the span, and those of them that the platform does not stop at any cost; by
 * agent version, those first whose sessions without a cap have cost most.
 */
export async function readCoverage(
  workspace: string,
  { fromMs, toMs }: Span,
  {
    agents,
    limit,
    db = prisma as Db,
  }: { agents?: readonly string[] | undefined; limit: number; db?: Db },
): Promise<Coverage> {
  const ofAgents = agents?.length
    ? Prisma.sql`and agent_id = any(${[...agents]}::text[])`
    : Prisma.empty;
  const started = Prisma.sql`select * from session where workspace = ${workspace}
    and started_at >= ${new Date(fromMs)} and started_at < ${new Date(toMs)}
    and source <> all(${OWN_LOOPS}::text[]) ${ofAgents}`;
  const rows = await db.$queryRaw<Row[]>`
    select agent_id as id, max(agent_name) as name, agent_version as version,
      count(*)::int as sessions, (count(*) filter (where budget_cents is null))::int as uncapped,
      (count(settled_at))::int as settled,
      (percentile_cont(0.95) within group (order by computed_nanos)
        filter (where settled_at is not null))::float8 as p95,
      max(computed_nanos)::text as most
    from (${started}) s group by agent_id, agent_version
    order by coalesce(sum(computed_nanos) filter (where budget_cents is null), 0) desc, id, version`;
  const [held] = await db.$queryRaw<{ all: number; uncapped: number }[]>`
    select count(*)::int as all, (count(*) filter (where budget_cents is null))::int as uncapped
    from deployment where workspace = ${workspace} and archived_at is null and gone_at is null`;
  const open = rows.filter(({ uncapped }) => uncapped > 0);
  return {
    sessions: rows.reduce((sum, row) => sum + row.sessions, 0),
    uncapped: rows.reduce((sum, row) => sum + row.uncapped, 0),
    deployments: held?.all ?? 0,
    uncappedDeployments: held?.uncapped ?? 0,
    versions: open.length,
    shown: open.slice(0, limit).map(({ id, name, version, p95, most, ...counts }) => ({
      ...{ ...counts, id, name, version: versionOf(version) },
      p95Nanos: p95 === null ? null : Math.round(p95),
      mostNanos: Number(most ?? 0),
    })),
  };
}
