import { beforeAll, describe, expect, it } from "vitest";
import { backtestRule } from "@/lib/alerts/backtest-service";
import { saveBudget } from "@/lib/budgets/store";
import { pool } from "@/lib/db/client";
import { evaluateAt, instant, saveRule } from "@/tests/support/alerting";
import { truncateAll } from "@/tests/support/database";
import type { SoupItem } from "@/tests/support/event-soup";
import {
  asks,
  at,
  idle,
  request,
  rescheduled,
  result,
  running,
  terminated,
  use,
} from "@/tests/support/events";
import { alignRules, askedOver, comparable, liveEpisodes, random } from "@/tests/support/past";
import { storeItems } from "@/tests/support/stored";

/** At minute 60 a day begins in Auckland. */
const MINUTES = 75;
const SESSIONS = 16;
const now = instant((MINUTES + 1) * 60 + 1);

const session = (measure: string, fire: number, more: object = {}) => ({
  ...{ kind: "session", measure, op: ">=", fire, every: "1m", max_instances: 1_000, ...more },
});
const RULES: Record<string, object> = {
  "cost by tiers": session("cost", 1_000_000_000, {
    tiers: [{ fire: 4_000_000_000, severity: "critical" }],
  }),
  "cost, filtered": session("cost", 500_000_000, { filters: { agent: ["agent_b"] }, delay: "0s" }),
  "cost per minute": session("cost_per_minute", 200_000_000, { window: "3m" }),
  tokens: session("tokens", 400_000, { for: "2m" }),
  duration: session("duration", 900, { delay: "0s" }),
  "duration, short ones": session("duration", 100, { op: "<", delay: "0s" }),
  silence: session("silence", 180, { recover: 90, keep_firing_for: "2m" }),
  waiting: session("waiting", 120),
  "tool errors": session("tool_errors", 3, { delay: "0s" }),
  reschedules: session("reschedules", 2, { window: "10m" }),
  webhooks: { kind: "event", source: "webhook", fire: 2, window: "5m" },
  "webhooks of one connection": {
    ...{ kind: "event", source: "webhook", fire: 1, window: "3m", group_by: [] },
    filters: { connection: ["conn_1"] },
  },
};

type Step = { minute: number; items: SoupItem[] };

/** What a session does, minute by minute; everything happens well within a minute. */
function course(id: number, next: () => number): Step[] {
  const steps: Step[] = [];
  const first = Math.floor(next() * 40);
  let minute = first;
  const step = (...items: SoupItem[]) => steps.push({ minute, items });
  step(running(first * 60 + 5));
  for (let n = 0; n < 14; n++) {
    minute += 1 + Math.floor(next() ** 3 * 7);
    const [key, second] = [`${id}_${n}`, minute * 60 + 20];
    const dice = next();
    if (dice < 0.3) step(...request(key, second, [Math.floor(next() * 300_000), 2_000]));
    else if (dice < 0.65)
      step(use(key, second), result(key, second + 2, { is_error: next() < 0.8 }));
    else if (dice < 0.8) step(rescheduled(second), running(second + 5));
    else if (dice < 0.92) {
      step(use(key, second), asks(second + 1, key));
      minute += 1 + Math.floor(next() * 6);
      step(result(key, minute * 60 + 20), running(minute * 60 + 21));
    } else {
      step(next() < 0.5 ? idle(second) : terminated(second));
      if (next() < 0.6) break;
      minute += 2;
      step(running(minute * 60 + 10));
    }
  }
  return steps;
}

async function begin(id: string, seconds: number, agent: string, items: SoupItem[]) {
  const data = {
    ...{ id, type: "session", created_at: at(seconds), environment_id: "env_1" },
    agent: { type: "agent", id: agent, name: agent, version: 1, model: { id: "claude-sonnet-5" } },
  };
  await storeItems(id, [{ kind: "session", threadId: null, data }, ...items]);
}

/** So many days before, a session that cost something. */
const longAgo = (days: number) => {
  const seconds = -days * 86_400;
  const items = [running(seconds), ...request(`d${days}`, seconds + 10, [400_000, 0])];
  return begin(`sesn_old_${days}`, seconds, "agent_a", [...items, idle(seconds + 60)]);
};

async function sendWebhooks(next: () => number): Promise<void> {
  for (let n = 0; n < 40; n++)
    await pool().query(
      `insert into webhook_delivery (workspace, connection_id, webhook_id, received_at, type, resource_id)
       values ('default', $1, $2, $3, $4, 'vault_1')`,
      [
        ...[`conn_${n % 2}`, `wh_${n}`, instant(next() * MINUTES * 60)],
        next() < 0.5 ? "vault.archived" : "agent.updated",
      ],
    );
}

/** Everything as it would have come: each minute's events, and then its tick. */
async function live(next: () => number): Promise<void> {
  const courses = Array.from({ length: SESSIONS }, (_, id) => course(id, next));
  for (let minute = 0; minute <= MINUTES; minute++) {
    for (const [id, steps] of courses.entries()) {
      const items = steps.filter((step) => step.minute === minute).flatMap((step) => step.items);
      if (items.length === 0) continue;
      if (steps[0]?.minute === minute)
        await begin(`sesn_${id}`, minute * 60 + 5, `agent_${id % 2 ? "a" : "b"}`, items);
      else await storeItems(`sesn_${id}`, items);
    }
    await evaluateAt((minute + 1) * 60);
  }
}

describe("a backtest of what is no question to the metrics", () => {
  let parts: Record<string, string> = {};

  beforeAll(async () => {
    await truncateAll();
    for (const days of [2, 3, 4, 5]) await longAgo(days);
    const next = random(11);
    const budget = { period: "day" as const, tz: "Pacific/Auckland", amount_nanos: 6_000_000_000 };
    const of = { scope: "agent" as const, value: "agent_a", name: "Ours", ...budget };
    const { id } = await saveBudget("default", of);
    RULES.budget = { kind: "budget", budget: id };
    for (const [name, rule] of Object.entries(RULES)) {
      const saved = await saveRule({ name, ...rule }, -60);
      if (name === "waiting" || name === "tool errors")
        parts = { ...parts, [name[0] ?? ""]: saved.id };
    }
    const common = { kind: "composite", delay: "0s", rules: parts };
    RULES["rules of sessions"] = { ...common, expression: "w || t" };
    await saveRule({ name: "rules of sessions", ...RULES["rules of sessions"] }, -60);
    await alignRules();
    await sendWebhooks(next);
    await live(next);
  });

  it.each([...Object.keys(RULES), ...["budget", "rules of sessions"]])(
    "finds what live evaluation did: %s",
    async (name) => {
      const rule = RULES[name] ?? {};
      const found = await backtestRule("default", askedOver(MINUTES + 1, rule), now);
      const past = found.episodes.map(({ names, session_query, ...episode }) => episode);
      const lived = await liveEpisodes(name);
      expect(comparable(past)).toEqual(comparable(lived));
      expect(lived.length).toBeGreaterThan(1);
      expect(found.series[0]?.points.length).toBeGreaterThan(0);
    },
  );
});
