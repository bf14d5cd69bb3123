import type { Db } from "@/lib/db/client";
import { prisma } from "@/lib/db/client";
import { Prisma } from "@/lib/db/generated/client";
import type { SessionCounts } from "./detail-schema";
import { allOf, type Condition, conditionsOf, type Sql } from "./filter-store";
import type { SessionFilter } from "./query-schema";
import { readSearch } from "./search-store";

/** Beyond this many, only the newest are counted. */
const MOST_COUNTED = 20_000;
const MOST_VALUES = 50;
const MOST_KEYS = 20;
const RARE_MESSAGES = 2000;

/** The column that holds a facet's value, or its list of values. */
const COLUMNS: Record<string, string> = {
  outcome: "outcome",
  agent: "agent_id",
  agent_version: "agent_version",
  environment: "environment_id",
  deployment: "deployment_id",
  model: "models",
  tool: "tools",
  error_type: "error_types",
  source: "source",
};
const LISTS = new Set(["models", "tools", "error_types"]);

type Counted = {
  total: number;
  capped: boolean;
  counts: [string, string, number, string | null][];
};

/** Counts under the filter: the whole, and each facet's values under all filters but its own. */
export async function readCounts(
  workspace: string,
  filter: SessionFilter,
  db: Db = prisma,
): Promise<SessionCounts> {
  const search = await readSearch(workspace, filter.q, { rare: RARE_MESSAGES, db });
  if (search === "nothing") return assemble({ total: 0, capped: false, counts: [] }, []);
  const conditions = [...conditionsOf(filter), ...search];
  const filtered = [...new Set(conditions.flatMap(({ facet }) => facet ?? []))];
  const columns = Object.keys(COLUMNS).filter((facet) => !filtered.includes(facet));
  const all = await countSome(workspace, conditions, [...columns, "metadata"], db);
  const others: Counted[] = [];
  for (const facet of filtered) {
    const rest = conditions.filter((condition) => condition.facet !== facet);
    others.push(await countSome(workspace, rest, [facet], db));
  }
  return assemble(all, others);
}

/**
 * Counts the newest matching sessions; of those a common word is asked for, the newest that match
 * otherwise. `facets` are names of COLUMNS, `metadata`, or `metadata.<key>`.
 */
async function countSome(
  workspace: string,
  conditions: readonly Condition[],
  facets: readonly string[],
  db: Db,
): Promise<Counted> {
  const lists = facets.map(facetRows);
  const late = conditions.filter((condition) => condition.late);
  const others = conditions.filter((condition) => !condition.late);
  type Row = { total: number; looked_at: number; counts: string | null };
  const [row] = await db.$queryRaw<Row[]>`
    with newest as materialized (
      select s.workspace, s.session_id, s.connection_id, s.day, s.outcome, s.agent_id, s.agent_name,
        s.agent_version, s.environment_id, s.deployment_id, s.models, s.tools, s.error_types, s.source,
        s.metadata
      from session s where s.workspace = ${workspace} and ${allOf(others)}
      -- Nulls come first, as the index has them: sessions without a start are few.
      order by s.started_at desc limit ${MOST_COUNTED + 1}),
    s as materialized (select * from newest s where ${allOf(late)} limit ${MOST_COUNTED}),
    counted as (${Prisma.join(lists, " union all ")}),
    ranked as (select *, row_number() over (partition by facet order by n desc, value) as place from counted)
    select (select count(*) from s)::int as total, (select count(*) from newest)::int as looked_at,
      (select json_agg(json_build_array(facet, value, n, label) order by facet, place)
        from ranked where place <= ${MOST_VALUES})::text as counts`;
  return {
    total: row?.total ?? 0,
    capped: (row?.looked_at ?? 0) > MOST_COUNTED,
    counts: JSON.parse(row?.counts ?? "[]"),
  };
}

/** Rows of (facet, value, n, label) from the common table `s`. */
function facetRows(facet: string): Sql {
  if (facet === "metadata")
    return Prisma.sql`select 'metadata.' || m.key as facet, m.value, count(*)::int as n, null::text as label
      from s cross join lateral jsonb_each_text(s.metadata) m group by 1, 2`;
  if (facet.startsWith("metadata.")) {
    const key = facet.slice("metadata.".length);
    return Prisma.sql`select ${facet}::text as facet, s.metadata ->> ${key} as value, count(*)::int as n, null::text as label
      from s where s.metadata ? ${key} group by 2`;
  }
  const column = COLUMNS[facet] ?? "";
  const label = facet === "agent" ? Prisma.sql`max(s.agent_name)` : Prisma.sql`null::text`;
  const [value, from] = LISTS.has(column)
    ? [
        Prisma.sql`f.value`,
        Prisma.sql`s cross join lateral unnest(s.${Prisma.raw(column)}) f(value)`,
      ]
    : [Prisma.sql`s.${Prisma.raw(column)}`, Prisma.sql`s`];
  return Prisma.sql`select ${facet}::text as facet, ${value} as value, count(*)::int as n, ${label} as label
    from ${from} where ${value} is not null group by 2`;
}

function assemble(all: Counted, others: readonly Counted[]): SessionCounts {
  const counts = [all, ...others].flatMap((counted) => counted.counts);
  const of = (facet: string) => counts.filter(([name]) => name === facet);
  const plain = (facet: string) => of(facet).map(([, value, count]) => ({ value, count }));
  const filtered = new Set(others.flatMap((counted) => counted.counts.map(([name]) => name)));
  const keys = [...new Set(counts.map(([name]) => name))].filter((name) =>
    name.startsWith("metadata."),
  );
  const sizeOf = (name: string) => of(name).reduce((sum, [, , count]) => sum + count, 0);
  const shown = keys.sort((a, b) => sizeOf(b) - sizeOf(a) || (a < b ? -1 : 1)).slice(0, MOST_KEYS);
  return {
    total: all.total,
    capped: all.capped,
    facets: {
      outcome: plain("outcome"),
      agent: of("agent").map(([, value, count, label]) => ({
        value,
        label: label ?? value,
        count,
      })),
      agent_version: plain("agent_version"),
      environment: plain("environment"),
      deployment: plain("deployment"),
      model: plain("model"),
      tool: plain("tool"),
      error_type: plain("error_type"),
      source: plain("source"),
      metadata: shown.map((name) => {
        const own = filtered.has(name) ? others : [all];
        const values = own.flatMap(({ counts }) => counts.filter(([facet]) => facet === name));
        return {
          key: name.slice("metadata.".length),
          values: values.map(([, value, count]) => ({ value, count })),
        };
      }),
    },
  };
}
