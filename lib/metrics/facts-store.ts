import { Prisma } from "@/lib/db/generated/client";
import type { Asked } from "./asked";
import { list } from "./columns-store";
import { TOTAL_MINUTE } from "./rollup";
import { DIMENSIONS, MEASURES } from "./schema";
import { type Filter, familiesIn, familiesOf, isManyOfSession, isTold, keyFilters } from "./told";

type Sql = Prisma.Sql;
const raw = Prisma.raw;
const join = (parts: readonly Sql[], separator = ", ") => Prisma.join([...parts], separator);

export function keyConditions({ metric, filter }: Asked): Sql[] {
  return keyFilters(filter)
    .filter(({ dimension }) => isTold(metric, dimension))
    .map(
      ({ dimension, values }) =>
        Prisma.sql`(family = any(${familiesOf(dimension)}::text[]) and key = any(${values}::text[]))`,
    );
}

export const dimensionConditions = (filter: Filter, column: (name: string) => Sql): Sql[] =>
  DIMENSIONS.flatMap((name) => {
    const values = filter[name];
    return values?.length ? [Prisma.sql`${column(name)} = any(${values}::text[])`] : [];
  });

export const COLUMNS = list(["family", "key", ...DIMENSIONS, ...MEASURES]);

const SESSION_COLUMNS: Record<(typeof DIMENSIONS)[number], string> = {
  agent: "s.agent_id",
  agent_version: "s.agent_version",
  environment: "s.environment_id",
  deployment: "s.deployment_id",
  source: "s.source",
};
/** Of a session `s`, what is asked for beside a cell's own columns. */
const ofSession = raw(
  [
    ...DIMENSIONS.map((name) => `coalesce(${SESSION_COLUMNS[name]}, '') as ${name}`),
    "s.metadata",
    "s.outcome as session_outcome",
    "coalesce(s.model, '') as session_model",
    "s.connection_id as session_connection",
    "coalesce(s.config_hash, '') as session_config",
  ].join(", "),
);

/** Slower, and never refused: the cells of the sessions that fit. */
export function factsOf(asked: Asked): Sql {
  const { workspace, metric, groups, filter, buckets } = asked;
  // A session counts under each tool it called; of what is not asked for it has one, ''.
  const each = (group: "tool" | "error_type", column: string) =>
    groups.includes(group) && isManyOfSession(metric, group)
      ? Prisma.sql`unnest(case when s.${raw(column)} = '{}' then array[''] else s.${raw(column)} end)`
      : Prisma.sql`unnest(array[''])`;
  const isGauge = metric.kind === "gauge";
  const cells = (minute: Sql, range: Sql) => Prisma.sql`
    select ${minute} as minute, ${COLUMNS}, null::bytea as histogram, observations, metadata,
      session_outcome, session_model, session_connection, session_config, session_tool,
      session_error_type
    from (select c.*, ${ofSession}, session_tool, session_error_type from session s
      join session_cell c using (workspace, session_id, connection_id)
      cross join ${each("tool", "tools")} session_tool
      cross join ${each("error_type", "error_types")} session_error_type
      where ${join([Prisma.sql`s.workspace = ${workspace}`, ...sessionConditions(asked)], " and ")}
        and c.family = any(${familiesIn(metric)}::text[]) and ${range}) f
    where ${join([Prisma.sql`true`, ...keyConditions(asked), ...dimensionConditions(filter, raw)], " and ")}`;
  const inside = Prisma.sql`c.minute >= ${buckets.from}`;
  if (isGauge)
    return Prisma.sql`${cells(raw("minute"), inside)} union all ${cells(raw(`${TOTAL_MINUTE}`), Prisma.sql`true`)}`;
  return cells(raw("minute"), Prisma.sql`${inside} and c.minute < ${buckets.to}`);
}

/** The waits of the sessions that fit which were open at any of the ends. */
export function waitsOf(asked: Asked, ends: Sql): Sql {
  const conditions = [
    Prisma.sql`s.workspace = ${asked.workspace} and w.workspace = ${asked.workspace}`,
    Prisma.sql`w.kind = 'wait' and w.started_at < (${ends})[cardinality(${ends})]`,
    Prisma.sql`(w.ended_at is null or w.ended_at > (${ends})[1])`,
    ...sessionConditions(asked),
    ...dimensionConditions(asked.filter, (name) =>
      raw(`coalesce(${SESSION_COLUMNS[name as keyof typeof SESSION_COLUMNS]}, '')`),
    ),
  ];
  return Prisma.sql`
    select 'waiting' as family, '' as key, w.started_at, w.ended_at, ${ofSession}
    from span w join session s using (workspace, session_id, connection_id)
    where ${join(conditions, " and ")}`;
}

function sessionConditions({ workspace, metric, filter }: Asked): Sql[] {
  const texts = (values: readonly string[]) => Prisma.sql`${[...values]}::text[]`;
  const columns = { model: "models", tool: "tools", error_type: "error_types" } as const;
  const single = {
    outcome: "s.outcome",
    connection: "s.connection_id",
    config: "coalesce(s.config_hash, '')",
  } as const;
  const ofSessions = keyFilters(filter)
    .filter(({ dimension }) => !isTold(metric, dimension))
    .map(({ dimension, values }) => {
      if (dimension === "outcome" || dimension === "connection" || dimension === "config")
        return Prisma.sql`${raw(single[dimension])} = any(${texts(values)})`;
      if (dimension !== "mcp_server" && dimension !== "error_group")
        return Prisma.sql`s.${raw(columns[dimension])} && ${texts(values)}`;
      // A session has no column of them: its own cells tell.
      const family = dimension === "mcp_server" ? "mcp" : "fault";
      return Prisma.sql`(s.workspace, s.session_id, s.connection_id) in (
        select workspace, session_id, connection_id from session_cell
        where workspace = ${workspace} and family = ${raw(`'${family}'`)} and key = any(${texts(values)}))`;
    });
  const metadata = Object.entries(filter.metadata ?? {}).map(
    ([key, value]) => Prisma.sql`s.metadata ->> ${key}::text = any(${texts([value].flat())})`,
  );
  return [...ofSessions, ...metadata];
}
