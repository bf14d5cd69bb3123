import type pg from "pg";
import { bucketOf, packHistogram } from "@/lib/metrics/histogram";

const VARIANTS = 64;
/** Minutes stand only this far back unless more are asked for. */
const MINUTE_DAYS = 2;

/** Distributions as a busy hour has them: some dozens of buckets around a few seconds. */
function histograms(): string[] {
  return Array.from({ length: VARIANTS }, (_, variant) => {
    const first = bucketOf(300 + 10 * variant);
    const buckets = Array.from({ length: 60 }, (_, i): [number, number] => [
      first + 3 * i + (variant % 3),
      1 + ((i * (variant + 1)) % 7),
    ]);
    return packHistogram(new Map(buckets)).toString("hex");
  });
}

/**
 * Fills the rollups of an empty database as this many sessions over 30 days would: 20 agents, the
 * first ones busiest, versions that come and go, six environments. Made inside Postgres, the same every time.
 */
export async function fillRollups(
  client: pg.ClientBase,
  sessions: number,
  minuteDays = MINUTE_DAYS,
): Promise<void> {
  await client.query(SESSIONS, [sessions]);
  await client.query(
    "create temp table pool as select * from unnest($1::text[]) with ordinality p(hex, n)",
    [histograms()],
  );
  await client.query(rollup("hour", "minute - minute % 60", "true"));
  await client.query(byAgent("agent_hour", "minute"));
  await client.query(byAgent("total", "least(minute, -1)"));
  await client.query(
    rollup("minute", "minute", `minute > extract(epoch from now()) / 60 - ${minuteDays * 1440}`),
  );
  await client.query(byAgent("agent_quarter", "minute - minute % 15", { from: "minute" }));
  await client.query(byAgent("keyless_hour", "minute", { from: "agent_hour", key: "''" }));
  await client.query("drop table pool, made");
  await client.query("vacuum (analyze) rollup");
}

const SESSIONS = `
  create temp table made as
  select i, (extract(epoch from now()) / 60)::int - 1 - floor(u(1) * 43200)::int as minute,
    'agent_' || floor(power(u(2), 1.8) * 20)::int as agent,
    (1 + floor(u(3) * 2) + floor(u(1) * 3))::int::text as agent_version,
    'env_' || floor(u(4) * 6)::int as environment,
    case when u(2) < 0.3 then 'depl_1' else '' end as deployment,
    u(5) as luck, floor(exp(8 + 4 * u(6)))::bigint as tokens,
    (array['claude-opus-5-5', 'claude-sonnet-5-5', 'claude-haiku-5-5'])[1 + floor(u(7) * 3)::int] as model
  from generate_series(1, $1::bigint) i,
    lateral (select (hashint8extended(i, 1) & 1073741823)::float8 / 1073741824 as u1,
      (hashint8extended(i, 2) & 1073741823)::float8 / 1073741824 as u2,
      (hashint8extended(i, 3) & 1073741823)::float8 / 1073741824 as u3,
      (hashint8extended(i, 4) & 1073741823)::float8 / 1073741824 as u4,
      (hashint8extended(i, 5) & 1073741823)::float8 / 1073741824 as u5,
      (hashint8extended(i, 6) & 1073741823)::float8 / 1073741824 as u6,
      (hashint8extended(i, 7) & 1073741823)::float8 / 1073741824 as u7) r`.replaceAll(
  /\bu\((\d)\)/g,
  "u$1",
);

const rollup = (grain: string, bucket: string, where: string) => `
  insert into rollup (workspace, grain, family, minute, agent, agent_version, environment, deployment,
    source, key, count, failed, ms, nanos, input_tokens, cache_read_tokens, output_tokens, histogram)
  select 'default', '${grain}', family, ${bucket}, agent, agent_version, environment, deployment, 'poll',
    key, sum(n), sum(failed), sum(ms), sum(nanos), sum(input), sum(read), sum(output),
    case when family in ('turn', 'request', 'tool')
      then decode((select hex from pool where n = 1 + (min(made.i) % ${VARIANTS})), 'hex') end
  from made, lateral (values
    ('started', '', 1, 0, 0, 0, 0, 0, 0),
    ('settled', case when luck < 0.85 then 'completed' when luck < 0.95 then 'terminated' else 'interrupted' end,
      1, (luck between 0.85 and 0.95)::int, 60000, tokens * 4000, 0, 0, 0),
    ('turn', case when luck < 0.9 then 'completed' else 'terminated' end, 3, (luck > 0.9)::int, 90000, 0, 0, 0, 0),
    ('request', model, 9, (luck > 0.99)::int, 30000, tokens * 3900, tokens / 4, tokens / 2, tokens / 4),
    ('tool', 'bash', 4, (luck > 0.95)::int, 9000, 0, 0, 0, 0),
    ('tool', 'read', 3, 0, 900, 0, 0, 0, 0),
    ('runtime', '', 0, 0, 60000, 1333333, 0, 0, 0)
  ) c(family, key, n, failed, ms, nanos, input, read, output)
  where ${where}
  group by family, ${bucket}, agent, agent_version, environment, deployment, key
  -- As time brings them, not as they happen to come out of the grouping.
  order by ${bucket}`;

const byAgent = (grain: string, bucket: string, { from = "hour", key = "key" } = {}) => `
  insert into rollup (workspace, grain, family, minute, agent, agent_version, environment, deployment,
    source, key, count, failed, ms, nanos, input_tokens, cache_read_tokens, output_tokens, histogram)
  select workspace, '${grain}', family, ${bucket}, agent, '', '', '', '', ${key}, sum(count), sum(failed),
    sum(ms), sum(nanos), sum(input_tokens), sum(cache_read_tokens), sum(output_tokens),
    (array_agg(histogram))[1]
  from rollup where grain = '${from}' group by 1, 2, 3, 4, 5, 10 order by ${bucket}`;
