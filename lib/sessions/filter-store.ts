import { Prisma } from "@/lib/db/generated/client";
import { FAILED_OUTCOMES, OUTCOMES } from "./outcomes";
import type { SessionFilter } from "./query-schema";
import { likeText, parseSearch } from "./search-words";

export type Sql = Prisma.Sql;

/**
 * A condition on `session s`. `column`: it only bounds this column, by which a list may be sorted.
 * `facet`: whose filter it is. `plain`: the same for a row at hand, and for the index
 * `session_by_agent`, which knows what is `covered`.
 */
export type Condition = {
  sql: Sql;
  plain?: Sql;
  /** The same as cases that exclude each other, each with an index of its own. */
  cases?: readonly Sql[];
  column?: string;
  facet?: string;
  covered?: boolean;
  /** True of every row for which `sql` is, and told from the column `facet_codes` alone. */
  coded?: Sql;
  /** Costs a look-up for each row: asked last, and no row more than needed. */
  late?: boolean;
};

const COVERED = new Set(["agent_id", "agent_version", "outcome"]);
/** Facets without codes: where a session came from is a fact of arrival. */
const UNCODED = new Set(["source"]);

const texts = (values: readonly string[]) => Prisma.sql`${[...values]}::text[]`;

/**
 * The filter as conditions that must all hold; the text search `q` is not among them.
 * Single values are compared as arrays of one, the form in which the index `session_facets` has them.
 */
export function conditionsOf(filter: SessionFilter): Condition[] {
  const { outcome, failed, metadata } = filter;
  const one = (facet: string, column: string, values: readonly string[] | undefined) =>
    values?.length ? [facetIs(facet, column, values)] : [];
  const any = (facet: string, column: string, values: readonly string[] | undefined) =>
    values?.length
      ? [
          {
            facet,
            sql: Prisma.sql`s.${Prisma.raw(column)} && ${texts(values)}`,
            coded: codesHold(facet, values),
          },
        ]
      : [];
  return [
    ...rangeOf(filter),
    ...one("outcome", "outcome", outcome),
    ...(failed === undefined ? [] : [failedIs(failed)]),
    ...one("agent", "agent_id", filter.agent),
    ...one("agent_version", "agent_version", filter.agent_version),
    ...one("environment", "environment_id", filter.environment),
    ...one("deployment", "deployment_id", filter.deployment),
    ...one("source", "source", filter.source),
    ...any("model", "models", filter.model),
    ...any("tool", "tools", filter.tool),
    ...any("error_type", "error_types", filter.error_type),
    ...Object.entries(metadata ?? {}).map(([key, values]) => metadataIs(key, [values].flat())),
    ...atLeast("computed_nanos", filter.min_cost_nanos),
    ...atLeast("duration_ms", filter.min_duration_ms),
  ];
}

/** All of them; `plain` where rows are at hand and no index is looked for. */
export function allOf(conditions: readonly Condition[], form: "sql" | "plain" = "sql"): Sql {
  if (conditions.length === 0) return Prisma.sql`true`;
  const parts = conditions.map((condition) => condition[form] ?? condition.sql);
  return Prisma.join(
    parts.map((part) => Prisma.sql`(${part})`),
    " and ",
  );
}

function facetOf(column: string, values: readonly string[]): Sql {
  return Prisma.sql`array[s.${Prisma.raw(column)}] && ${texts(values)}`;
}

/** Whether a row may have one of the values; rows without codes may have anything. */
function codesHold(facet: string, values: readonly string[]): Sql {
  const [first, ...more] = values;
  if (more.length === 0)
    return Prisma.sql`(session_facet_code(${facet}::text, ${first}::text) = any(s.facet_codes)) is not false`;
  return Prisma.sql`(s.facet_codes && array(
    select session_facet_code(${facet}::text, v) from unnest(${texts(values)}) v)) is not false`;
}

function facetIs(facet: string, column: string, values: readonly string[]): Condition {
  return {
    facet,
    sql: facetOf(column, values),
    plain: Prisma.sql`s.${Prisma.raw(column)} = any(${texts(values)})`,
    covered: COVERED.has(column),
    ...(UNCODED.has(facet) ? {} : { coded: codesHold(facet, values) }),
  };
}

function failedIs(failed: boolean): Condition {
  if (failed) return facetIs("outcome", "outcome", FAILED_OUTCOMES);
  const sql = Prisma.sql`s.outcome <> all(${texts(FAILED_OUTCOMES)})`;
  const others = OUTCOMES.filter((outcome) => !FAILED_OUTCOMES.includes(outcome));
  return { facet: "outcome", sql, covered: true, coded: codesHold("outcome", others) };
}

function metadataIs(key: string, values: readonly string[]): Condition {
  const each = values.map(
    (value) => Prisma.sql`s.metadata @> ${JSON.stringify({ [key]: value })}::jsonb`,
  );
  const facet = `metadata.${key}`;
  return { facet, sql: Prisma.join(each, " or "), coded: codesHold(facet, values) };
}

function atLeast(column: string, least: number | undefined): Condition[] {
  if (least === undefined) return [];
  const sql = Prisma.sql`s.${Prisma.raw(column)} >= ${least}::bigint`;
  return [{ column, covered: true, sql }];
}

/** The index `session_long` has the sessions that lasted at least this long. */
const LONG = Prisma.sql`interval '1 hour'`;
const instant = (text: string) => Prisma.sql`${text}::timestamptz`;

/**
 * Active in an interval means: begun before its end, and the last event (without one, the start) not
 * before its start, or running still.
 */
function rangeOf({ from, to, by }: SessionFilter): Condition[] {
  const column = by === "settled" ? "settled_at" : "started_at";
  const name = Prisma.raw(column);
  const bound = (sql: Sql) => ({ column, covered: true, sql });
  const until = to ? [bound(Prisma.sql`s.${name} < ${instant(to)}`)] : [];
  if (!from) return until;
  if (by !== "active") return [...until, bound(Prisma.sql`s.${name} >= ${instant(from)}`)];
  const start = instant(from);
  const eventless = Prisma.sql`s.last_event_at is null and s.started_at >= ${start}`;
  const running = facetOf("outcome", ["running"]);
  const since = Prisma.sql`s.last_event_at >= ${start}`;
  const active = {
    covered: true,
    sql: Prisma.sql`${since} or ${running} or (${eventless})`,
    plain: Prisma.sql`${since} or s.outcome = 'running' or (${eventless})`,
  };
  const before = Prisma.sql`(s.last_event_at < ${start} or s.last_event_at is null)`;
  if (!to) {
    const cases = [since, Prisma.sql`${before} and (${running} or (${eventless}))`];
    return [{ ...active, cases }];
  }
  // With an end before now, most that ended after the start also began after the end.
  const shortly = Prisma.sql`${start} - ${LONG}`;
  const cases = [
    Prisma.sql`s.started_at >= ${shortly} and (${active.plain})`,
    Prisma.sql`s.started_at < ${shortly} and s.last_event_at - s.started_at >= ${LONG} and ${since}`,
    Prisma.sql`s.started_at < ${shortly} and ${before} and ${running}`,
  ];
  return [...until, { ...active, cases }];
}

/** The text search as a tsquery, or null when it has no words. The text itself never becomes syntax. */
export function wordsQuery(q: string): Sql | null {
  const { words, phrases, prefix } = parseSearch(q);
  const parts = [
    ...(words === null ? [] : [Prisma.sql`plainto_tsquery('simple', ${words})`]),
    ...phrases.map((phrase) => Prisma.sql`phraseto_tsquery('simple', ${phrase})`),
    ...(prefix === null ? [] : [prefixQuery(prefix)]),
  ];
  return parts.length === 0 ? null : Prisma.join(parts, " && ");
}

/** A word may fall into several lexemes ('e2e-tests'); each is taken as a beginning. */
function prefixQuery(prefix: string): Sql {
  const exact = Prisma.sql`plainto_tsquery('simple', ${prefix})::text`;
  return Prisma.sql`regexp_replace(${exact}, '''( |$)', ''':*\\1', 'g')::tsquery`;
}

/** Ids that a search may name: a session's, whole or its beginning, or whole ones beside it. */
export function idsMatch(q: string): Sql | null {
  const { id } = parseSearch(q);
  if (id === null) return null;
  const named = ["agent_id", "environment_id", "deployment_id"].map((name) => facetOf(name, [id]));
  return Prisma.join([Prisma.sql`s.session_id like ${`${likeText(id)}%`}`, ...named], " or ");
}

/** Whether a session `s` has a message with these words; `limit` keeps it a look-up for each row. */
export function hasWords(query: Sql): Sql {
  return Prisma.sql`coalesce((
    select true from message_text m
    where m.workspace = s.workspace and m.session_id = s.session_id
      and m.connection_id = s.connection_id and m.day = s.day and m.words @@ (${query})
    limit 1), false)`;
}
