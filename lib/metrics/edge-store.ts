import { bookNamed } from "@/lib/costs/own-prices";
import { Terms } from "@/lib/costs/own-schema";
import { PRICE_BOOK } from "@/lib/costs/prices";
import type { PriceBook } from "@/lib/costs/schema";
import { type Db, prisma } from "@/lib/db/client";
import { Prisma } from "@/lib/db/generated/client";
import { modelPricing } from "@/lib/sessions/span-cost";
import { list } from "./columns-store";
import type { SessionLabels } from "./counting";
import { type EdgeFacts, type EdgeSession, kindsOf } from "./edges";
import {
  type Cell,
  DIMENSIONS,
  type Dimensions,
  type Family,
  MEASURES,
  type ModelPricing,
  type SpanFacts,
} from "./schema";

export type EdgesAsked = {
  minutes: readonly number[];
  families: readonly Family[];
  /** Whether a question is about sessions with these among their cells. */
  withKeys: { mcp: boolean; fault: boolean };
};

/** What is needed to take minutes apart: sessions that have something in them, their cells and spans. */
export async function readEdges(
  workspace: string,
  { minutes, families, withKeys }: EdgesAsked,
  db: Db = prisma,
): Promise<EdgeFacts[]> {
  if (minutes.length === 0 || families.length === 0) return [];
  const kinds = kindsOf(families);
  const ofSpans = families.filter((family) => kindsOf([family]).length > 0);
  const none = Prisma.sql`null`;
  const [row] = await db.$queryRaw<Found[]>`
    with c as materialized (
      select session_id, connection_id, minute, family, key, ${list(MEASURES)}, observations
      from session_cell where workspace = ${workspace}
        and minute = any(${[...minutes]}::int[]) and family = any(${[...families]}::text[])),
    k as materialized (
      select c.*, s.day, s.price_book, row_number() over () - 1 as n
      from (select distinct session_id, connection_id from c) c
      join session s on s.workspace = ${workspace} and s.session_id = c.session_id
        and s.connection_id = c.connection_id)
    select
      (select json_agg(json_build_array(n, minute, family, key, json_build_array(${list(MEASURES)}),
        observations)) from c join k using (session_id, connection_id))::text as cells,
      (select json_agg(${sessionJson(workspace, withKeys)} order by k.n) from k
        join session s on s.workspace = ${workspace} and s.session_id = k.session_id
          and s.connection_id = k.connection_id
        left join session_state st on st.workspace = s.workspace and st.session_id = s.session_id
          and st.connection_id = s.connection_id)::text as sessions,
      ${kinds.length === 0 ? none : spansSql(workspace, kinds, ofSpans)} as spans,
      ${kinds.length === 0 ? none : threadsSql(workspace)} as threads,
      ${kinds.length === 0 ? none : termsSql(workspace)} as terms`;
  return factsOf(row);
}

const us = (column: string) => Prisma.raw(`(extract(epoch from ${column}) * 1000000)::bigint`);

const sessionJson = (workspace: string, { mcp, fault }: EdgesAsked["withKeys"]) => {
  const keysOf = (family: string, isAsked: boolean) =>
    isAsked
      ? Prisma.sql`(select json_agg(distinct key) from session_cell where workspace = ${workspace}
          and session_id = s.session_id and connection_id = s.connection_id
          and family = ${Prisma.raw(`'${family}'`)})`
      : Prisma.sql`null`;
  return Prisma.sql`json_build_array(
    json_build_array(s.agent_id, s.agent_version, s.environment_id, s.deployment_id, s.source),
    s.metadata, json_build_array(s.outcome, s.model, s.connection_id, s.config_hash),
    json_build_array(s.models, s.tools, s.error_types, ${keysOf("mcp", mcp)}, ${keysOf("fault", fault)}),
    ${us("s.started_at")}, ${us("s.settled_at")}, case when s.last_event_at is null
      then (st.fold #>> '{facts,objectUs}')::bigint else ${us("s.last_event_at")} end,
    s.price_book, st.rolled -> 'pricing')`;
};

/**
 * Spans that may give something to a session's minute. Those shorter than a minute begin in it or in
 * the one before; longer ones count at their end, or while they last.
 */
function spansSql(workspace: string, kinds: readonly string[], families: readonly Family[]) {
  // In the words of the indexes of a session's order, as `alongOrder` of the sessions has them.
  const of = Prisma.sql`p.workspace || '' = ${workspace} and p.session_id collate "C" = m.session_id
    and p.connection_id || '' = m.connection_id and p.day = m.day and p.kind = any(${[...kinds]}::text[])`;
  return Prisma.sql`(
    select json_agg(json_build_array(m.n, m.minute, p.kind, p.thread_id, p.name,
      ${us("p.started_at")}, ${us("p.ended_at")}, p.state, p.input_tokens, p.cache_write_tokens,
      p.cache_read_tokens, p.output_tokens, p.start_event_id, p.attributes))
    from (select k.*, c.minute, to_timestamp(c.minute * 60) as since,
        to_timestamp((c.minute + 1) * 60) as until
      from (select distinct session_id, connection_id, minute from c
        where family = any(${[...families]}::text[])) c
      join k using (session_id, connection_id)) m
    cross join lateral (
      select * from span p where ${of} and p.at >= m.since - interval '1 minute' and p.at < m.until
      union all
      select * from span p where ${of} and p.at < m.since - interval '1 minute'
        and (p.ended_at is null or p.ended_at - p.at >= interval '1 minute')
        and (p.ended_at >= m.since or p.ended_at is null and p.kind = 'turn')
      union all
      select * from span p where ${of} and m.minute % 60 = 0 and p.kind = 'state'
        and p.at >= m.until and p.at < m.since + interval '1 hour'
        and p.ended_at - p.at >= interval '6 days') p)::text`;
}

const threadsSql = (workspace: string) => Prisma.sql`(
  select json_agg(json_build_array(k.n, t.thread_id, t.model, t.object #> '{agent,model}'))
  from k join thread t on t.workspace = ${workspace} and t.session_id = k.session_id
    and t.connection_id = k.connection_id)::text`;

const termsSql = (workspace: string) => Prisma.sql`(
  select json_agg(json_build_array(b.price_book, v.terms))
  from (select distinct price_book from k where price_book like '%+%') b
  join price_version v on v.workspace = ${workspace}
    and v.number = substring(b.price_book from '[+]([0-9]{1,9})$')::int)::text`;

type Found = { [Name in "cells" | "sessions" | "spans" | "threads" | "terms"]: string | null };
type CellJson = [
  n: number,
  minute: number,
  family: Family,
  key: string,
  measures: number[],
  observations: number[],
];
type Texts = Array<string | null>;
type Lists = Array<string[] | null>;
type SessionJson = [
  dimensions: Texts,
  metadata: Record<string, unknown> | null,
  single: Texts,
  lists: Lists,
  startedUs: number | null,
  settledUs: number | null,
  lastUs: number | null,
  book: string | null,
  pricing: ModelPricing | null,
];

function factsOf(row: Found | undefined): EdgeFacts[] {
  const parse = <T>(name: keyof Found) => JSON.parse(row?.[name] ?? "[]") as T[];
  const terms = new Map(parse<[string, unknown]>("terms"));
  const books = new Map<string, PriceBook>();
  const bookOf = (name: string) => {
    const known = books.get(name);
    const own = terms.get(name);
    const book = known ?? bookNamed(name, own ? Terms.parse(own) : null) ?? PRICE_BOOK;
    books.set(name, book);
    return book;
  };
  const sessions = parse<SessionJson>("sessions").map((json) => sessionOf(json, bookOf));
  for (const [n, thread, model, agent_model] of parse<[number, string, string | null, unknown]>(
    "threads",
  ))
    sessions[n]?.threads.set(thread, modelPricing({ model, agent_model }));
  const facts = new Map<string, EdgeFacts & { cells: Cell[]; spans: SpanFacts[] }>();
  for (const [n, minute, family, key, values, observations] of parse<CellJson>("cells")) {
    const session = sessions[n]?.session;
    if (!session) continue;
    const id = `${n} ${minute}`;
    const one = facts.get(id) ?? { minute, session, cells: [], spans: [] };
    facts.set(id, one);
    const measures = Object.fromEntries(MEASURES.map((name, at) => [name, values[at] ?? 0]));
    one.cells.push({ minute, family, key, measures, observations });
  }
  for (const [n, minute, ...span] of parse<SpanJson>("spans"))
    facts.get(`${n} ${minute}`)?.spans.push(spanOf(span));
  return [...facts.values()];
}

function sessionOf(json: SessionJson, bookOf: (name: string) => PriceBook) {
  const [named, metadata, single, lists, startedUs, settledUs, lastUs, book, pricing] = json;
  const dimensions = Object.fromEntries(
    DIMENSIONS.map((name, at) => [name, named[at] ?? ""]),
  ) as Dimensions;
  const [outcome = "", model = "", connection = "", config = ""] = single.map((one) => one ?? "");
  const [models = [], tools = [], error_types = [], mcp_servers = [], error_groups = []] =
    lists.map((one) => one ?? []);
  const labels: SessionLabels = {
    ...{ metadata: metadata ?? {}, outcome, model, connection, config },
    ...{ models, tools, error_types, mcp_servers, error_groups },
  };
  const threads = new Map<string, ModelPricing>();
  const session: EdgeSession = {
    ...{ dimensions, labels, startedUs, settledUs, lastUs },
    pricing: {
      session: pricing ?? { model: null, geo: null, speed: null },
      threads,
      runtimeBilled: dimensions.source !== "sdk",
      book: bookOf(book ?? ""),
    },
  };
  return { session, threads };
}

type SpanColumns = [
  kind: string,
  threadId: string,
  name: string,
  startedUs: number | null,
  endedUs: number | null,
  state: string,
  input: number | null,
  cacheWrite: number | null,
  cacheRead: number | null,
  output: number | null,
  startEventId: string | null,
  attributes: Record<string, unknown>,
];
type SpanJson = [n: number, minute: number, ...SpanColumns];

function spanOf(columns: SpanColumns): SpanFacts {
  const [kind, threadId, name, startedUs, endedUs, state, input, write, read, output] = columns;
  const tokens =
    input === null
      ? null
      : { input, cacheWrite: write ?? 0, cacheRead: read ?? 0, output: output ?? 0 };
  const [startEventId, attributes] = [columns[10], columns[11]];
  return { kind, threadId, name, startedUs, endedUs, state, tokens, startEventId, attributes };
}
