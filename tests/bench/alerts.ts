import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { type Client, checkedAnswer } from "./client";
import { median, ms, p95, times, whole } from "./figures";
import { onPair } from "./pair";
import { type Product, startProduct, withDatabase } from "./product";
import { note, type Row } from "./report";
import { fillRollups } from "./rollup-data";
import { openSink, type Sink } from "./sink";

const LIMIT_MS = 5_000;
const GROWTH = 1.3;
const BACKTEST_MS = 2_000;
/** Beyond the interval between two judgements. */
const SLACK_MS = 2_000;
const EVERY_MS = 30_000;
/** Past round minutes, as most rules are. */
const OFFSET_MS = 17_000;

/** The built-in ones have times of their own. */
const OWN = "where id not like 'rule_self_%'";

const METRICS = [
  ...["sessions_settled", "sessions_failed", "failure_rate", "turn_failure_rate", "cost", "tokens"],
  ...["model_requests", "model_error_rate", "tool_calls", "tool_error_rate", "session_hours"],
  ...["cache_hit_ratio", "sessions_started", "turns", "session_errors", "cost_tokens"],
];
const WINDOWS = ["5m", "15m", "1h", "6h", "1d"];

/** What rules cost, how soon somebody hears of one that fires, and how long a backtest takes. */
export async function measureAlerts(root: string, quick: boolean): Promise<Row[]> {
  const sizes = quick ? ([10_000, 100_000] as const) : ([100_000, 1_000_000] as const);
  const rules = quick ? 100 : 1_000;
  const fill = (client: Parameters<typeof fillRollups>[0], sessions: number) =>
    fillRollups(client, sessions, sessions === sizes[0] ? 31 : undefined);
  const judged = await onPair({ root, name: "alerts", sizes, fill }, async (small, large) => [
    ...(await measureEvaluation(small, large, rules)),
    await measureBacktest(small.client),
  ]);
  return [...judged, ...(await measureTelling(join(root, "telling"), quick))];
}

async function measureEvaluation(small: Product, large: Product, rules: number): Promise<Row[]> {
  const spent: Record<"small" | "large", number[]> = { small: [], large: [] };
  for (const product of [small, large]) await makeRules(product, rules);
  for (let pass = 0; pass < 4; pass++) {
    const [few, many] = [await lagOf(small), await lagOf(large)];
    if (pass === 0) continue;
    spent.small.push(few);
    spent.large.push(many);
  }
  const [fewMs, manyMs] = [median(spent.small), median(spent.large)];
  return [
    {
      measure: `${whole(rules)} rules of up to 20 label sets judged and written`,
      value: ms(manyMs),
      target: `≤ ${LIMIT_MS / 1000} s`,
      met: manyMs <= LIMIT_MS,
      figures: { ms: manyMs },
    },
    {
      measure: "the same against a tenth of the sessions",
      value: times(manyMs / fewMs),
      target: `≤ ${GROWTH} ×`,
      met: manyMs <= GROWTH * fewMs,
      figures: { ratio: manyMs / fewMs },
    },
  ];
}

async function makeRules({ client, databaseUrl }: Product, rules: number): Promise<void> {
  for (let n = 0; n < rules; n++) {
    const metric = METRICS[n % METRICS.length] ?? "";
    const isShare = metric.endsWith("_rate") || metric.endsWith("_ratio");
    const window = WINDOWS[Math.floor(n / METRICS.length) % WINDOWS.length];
    const rule = {
      ...{ name: `Rule ${n}`, kind: "threshold", metric, window, group_by: ["agent"] },
      ...{ op: ">", fire: isShare ? (1 + (n % 9)) / 10 : 10 ** (4 + (n % 9)), for: "10m" },
    };
    await checkedAnswer(client.post("/api/v1/rules", JSON.stringify(rule)), 201);
  }
  await withDatabase(databaseUrl, (db) =>
    db.query(`update alert_rule set offset_ms = $1, paused = true ${OWN}`, [OFFSET_MS]),
  );
}

/** From a tick that all rules share to the last of them being written. */
async function lagOf({ databaseUrl }: Product): Promise<number> {
  return withDatabase(databaseUrl, async (db) => {
    const tick = Math.ceil((Date.now() + 1_000 - OFFSET_MS) / 60_000) * 60_000 + OFFSET_MS;
    await db.query(`update alert_rule set paused = false, due_at = $1, cursor = $2 ${OWN}`, [
      new Date(tick),
      new Date(tick - 60_000),
    ]);
    await db.query(
      "select graphile_worker.add_job('evaluate_rules', job_key := 'evaluate_rules_now', run_at := $1)",
      [new Date(tick)],
    );
    for (;;) {
      await sleep(250);
      const { rows } = await db.query<{ left: number }>(
        `select count(*) filter (where cursor < $1)::int as left from alert_rule ${OWN}`,
        [new Date(tick)],
      );
      if (rows[0]?.left !== 0 || Date.now() < tick) continue;
      const done = Date.now();
      await db.query(`update alert_rule set paused = true ${OWN}`);
      return done - tick;
    }
  });
}

async function measureBacktest(client: Client): Promise<Row> {
  const to = new Date();
  const rule = {
    ...{ name: "Past", kind: "ratio", metric: "failure_rate", window: "15m", group_by: ["agent"] },
    ...{ op: ">", fire: 0.2, min_volume: 5, for: "2m" },
    ...{ from: new Date(to.getTime() - 30 * 86_400_000).toISOString(), to: to.toISOString() },
  };
  const spent: number[] = [];
  for (let pass = 0; pass < 6; pass++) {
    const answer = await checkedAnswer(
      client.post("/api/v1/rules/backtest", JSON.stringify(rule)),
      200,
    );
    if (pass > 0) spent.push(answer.ms);
  }
  return {
    measure: "backtest of 30 days at one minute for 20 label sets",
    value: `median ${ms(median(spent))}`,
    target: `≤ ${BACKTEST_MS / 1000} s`,
    met: median(spent) <= BACKTEST_MS,
    figures: { ms: median(spent) },
  };
}

/** From a session's last event to the message about it. */
async function measureTelling(root: string, quick: boolean): Promise<Row[]> {
  const sink = await openSink();
  const env = { WATCHKEEPER_OUTBOUND_ALLOW: "127.0.0.0/8" };
  const product = await startProduct(root, { env });
  try {
    const count = quick ? 10 : 40;
    const told = await tellAll(product, sink, { count, name: "told" });
    const limit = EVERY_MS + SLACK_MS;
    return [
      {
        measure: "from the event that crosses a bound to the message received, judged every 30 s",
        value: `p95 ${ms(p95(told))}`,
        target: `≤ ${limit / 1000} s`,
        met: p95(told) <= limit,
        figures: { p95Ms: p95(told) },
      },
    ];
  } finally {
    await product.stop();
    await sink.close();
  }
}

type Telling = { count: number; name: string };

/** Rules of an agent each, at ticks of their own; all agents fail at once. */
async function tellAll(
  { client }: Product,
  sink: Sink,
  { count, name }: Telling,
): Promise<number[]> {
  const channel = JSON.parse(
    (
      await checkedAnswer(
        client.post(
          "/api/v1/channels",
          JSON.stringify({ kind: "webhook", name, url: `${sink.url}/${name}` }),
        ),
        201,
      )
    ).body.toString(),
  ) as { id: string };
  const agents = Array.from({ length: count }, (_, n) => `${name}_${n}`);
  for (const agent of agents) {
    const rule = {
      ...{ name: agent, kind: "threshold", metric: "sessions_failed", filters: { agent: [agent] } },
      ...{ window: "5m", every: "30s", delay: "0s", fire: 0, severity: "critical" },
      channels: [channel.id],
    };
    await checkedAnswer(client.post("/api/v1/rules", JSON.stringify(rule)), 201);
  }
  const at = new Date().toISOString();
  const items = {
    sessions: agents.map((id) => ({
      id,
      created_at: at,
      agent: { id, name: id, version: 1, model: { id: "claude-sonnet-5" } },
    })),
    events: agents.flatMap((id) => [
      { session_id: id, event: { id: "1", type: "session.status_running", processed_at: at } },
      {
        session_id: id,
        event: {
          id: "2",
          type: "session.status_idle",
          processed_at: at,
          stop_reason: { type: "retries_exhausted" },
        },
      },
    ]),
  };
  const began = Date.now();
  await checkedAnswer(client.post("/api/v1/ingest", JSON.stringify(items)), 200);
  const times = await sink.untilNamed(`/${name}`, agents, 120_000);
  note(`${name}: ${times.size} of ${count} told`);
  return [...times.values()].map((time) => time - began);
}
