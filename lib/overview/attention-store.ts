import type { Db } from "@/lib/db/client";
import { Prisma } from "@/lib/db/generated/client";
import { instantOf, versionOf } from "@/lib/sessions/row-store";
import { SILENT_MINUTES } from "@/lib/sessions/silence";
import type { Span } from "@/lib/time/range";
import type { AttentionItem } from "./schema";

/** A connection is asked every few seconds; minutes behind, something is in its way. */
const BEHIND_SECONDS = 300;
const CONNECTIONS_SHOWN = 5;

const at = (column: string) => instantOf(Prisma.raw(column));
const AGENT = Prisma.sql`json_build_object('id', agent_id, 'name', agent_name, 'version', agent_version)`;

type Row = {
  session_id: string;
  connection_id: string | null;
  agent: { id: string | null; name: string | null; version: string | null };
  sessions: number;
  cost: number;
  since: string;
  tool: string | null;
};

function standing(kind: "waiting" | "silent", row: Row | undefined): AttentionItem[] {
  if (!row) return [];
  const { sessions, cost, session_id, connection_id, since, tool } = row;
  const agent = { ...row.agent, version: versionOf(row.agent.version) };
  const oldest = { session_id, connection_id, since, tool, agent };
  return [{ kind, sessions, cost_nanos: cost, oldest }];
}

const FOUND = Prisma.sql`session_id, nullif(connection_id, '') as connection_id, ${AGENT} as agent,
  (count(*) over ())::int as sessions, (sum(computed_nanos) over ())::float8 as cost`;

export async function readWaiting(workspace: string, db: Db): Promise<AttentionItem[]> {
  const [row] = await db.$queryRaw<Row[]>`
    select ${FOUND}, outcome_detail ->> 'since' as since,
      outcome_detail #>> '{waiting_for,0,name}' as tool
    from session where workspace = ${workspace} and array[outcome] && array['waiting']
      and outcome_detail ->> 'since' is not null
    order by (outcome_detail ->> 'since')::timestamptz, session_id limit 1`;
  return standing("waiting", row);
}

export async function readSilent(workspace: string, now: Date, db: Db): Promise<AttentionItem[]> {
  const before = new Date(now.getTime() - SILENT_MINUTES * 60_000);
  const [row] = await db.$queryRaw<Row[]>`
    select ${FOUND}, ${at("s.last_event_at")} as since, null as tool
    from session s where workspace = ${workspace} and array[outcome] && array['running']
      and s.last_event_at <= ${before}
    order by s.last_event_at, session_id limit 1`;
  return standing("silent", row);
}

export async function readRejections(
  workspace: string,
  span: Span,
  db: Db,
): Promise<AttentionItem[]> {
  const [row] = await db.$queryRaw<{ items: number; last_at: string; message: string }[]>`
    select (count(*) over ())::int as items, ${at("r.received_at")} as last_at, message
    from rejected_item r where workspace = ${workspace}
      and r.received_at >= ${new Date(span.fromMs)} and r.received_at < ${new Date(span.toMs)}
    order by r.received_at desc, id desc limit 1`;
  return row ? [{ kind: "rejected", ...row }] : [];
}

/** Connections that stopped by themselves, and those that do not keep up. */
export async function readConnections(workspace: string, db: Db): Promise<AttentionItem[]> {
  type Row = { id: string; name: string; state: string; reason: string | null; lag: number };
  const rows = await db.$queryRaw<Row[]>`
    select id, name, state, state_reason as reason, coalesce(lag_seconds, 0) as lag
    from connection where workspace = ${workspace} and (state = 'failed'
      or (state = 'live' and lag_seconds > ${BEHIND_SECONDS}))
    order by state, lag_seconds desc nulls last, id limit ${CONNECTIONS_SHOWN}`;
  return rows.map(({ id, name, state, reason, lag }) => {
    const connection = { id, name };
    return state === "failed"
      ? { kind: "stopped", connection, reason }
      : { kind: "behind", connection, lag_seconds: lag };
  });
}
