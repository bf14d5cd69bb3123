import { beforeAll, describe, expect, it } from "vitest";
import { GET as suggestion } from "@/app/api/v1/rules/[id]/suggestion/route";
import { POST } from "@/app/api/v1/rules/backtest/route";
import { POST as thresholds } from "@/app/api/v1/rules/thresholds/route";
import { backtestRule } from "@/lib/alerts/backtest-service";
import { suggestWait, tryThresholds } from "@/lib/alerts/tuning-service";
import { pool } from "@/lib/db/client";
import { evaluateAt, instant, saveRule, settle } from "@/tests/support/alerting";
import { bearer } from "@/tests/support/api";
import { call } from "@/tests/support/call";
import { truncateAll } from "@/tests/support/database";
import { alignRules, askedOver, comparable, liveEpisodes, random } from "@/tests/support/past";

const MINUTES = 90;
const COMMON = { delay: "1m", every: "1m", group_by: ["agent"], window: "10m" };
const RULES = [
  { ...COMMON, kind: "ratio", metric: "failure_rate", fire: 0.3, min_volume: 4, for: "2m" },
  {
    ...COMMON,
    kind: "ratio",
    metric: "failure_rate",
    fire: 0.3,
    recover: 0.1,
    keep_firing_for: "5m",
  },
  {
    ...COMMON,
    kind: "threshold",
    metric: "sessions_settled",
    fire: 6,
    tiers: [{ fire: 9, severity: "critical" }],
  },
  {
    ...COMMON,
    kind: "threshold",
    metric: "turn_duration",
    agg: "p90",
    fire: 30_000,
    no_data: "ok",
  },
  { ...COMMON, kind: "threshold", metric: "cost", fire: 0, group_by: [] },
  { ...COMMON, kind: "change", metric: "sessions_settled", fire: 0.5, compare: { offset: "20m" } },
  { ...COMMON, kind: "burn_rate", slo: 0.9, factor: 3, window: "36m", min_bad: 2 },
];

const now = instant(MINUTES * 60 + 1);
const asked = (rule: object) => askedOver(MINUTES, rule);

describe("a backtest", () => {
  beforeAll(async () => {
    await truncateAll();
    const next = random(7);
    for (let n = 0; n < 150; n++) {
      // In the middle of minutes, so that windows rounded to minutes are those of live evaluation.
      const seconds = Math.floor(next() * MINUTES) * 60 + 30;
      const agent = next() < 0.6 ? "agent_a" : "agent_b";
      const isBad = seconds > 1_500 && seconds < 3_000;
      await settle(`sesn_${n}`, seconds, {
        ...{ agent, failed: next() < (isBad ? 0.6 : 0.1), ran: 1 + Math.floor(next() * 59) },
      });
    }
    for (const [at, rule] of RULES.entries()) await saveRule({ name: `Rule ${at}`, ...rule }, -60);
    await alignRules();
    await evaluateAt(...Array.from({ length: MINUTES + 1 }, (_, minute) => minute * 60));
  });

  it.each(RULES.map((rule, at) => ({ rule, name: `Rule ${at}` })))(
    "finds what live evaluation did: $name, $rule.kind of $rule.metric",
    async ({ rule, name }) => {
      const live = await liveEpisodes(name);
      const found = await backtestRule("default", asked(rule), now);
      const past = found.episodes.map(({ names, session_query, ...episode }) => episode);
      expect(comparable(past)).toEqual(comparable(live));
      expect(live.length).toBeGreaterThan(0);
    },
  );

  it("tells states to draw and the sessions behind each episode", async () => {
    const found = await backtestRule("default", asked(RULES[0] ?? {}), now);
    expect(found).toMatchObject({
      ...{ groups: 2, ticks: MINUTES + 2 },
      series: [{ labels: { agent: "agent_a" } }, { labels: { agent: "agent_b" } }],
    });
    expect(found.series[0]?.states.map(({ state }) => state)).toContain("firing");
    expect(found.episodes[0]?.session_query).toContain("failed=true&agent=");
  });

  it("answers over HTTP", async () => {
    const [headers, seconds] = [await bearer("read"), (Date.now() - instant(0).getTime()) / 1_000];
    await settle("sesn_now", seconds - 600, { failed: true, agent: "agent_now" });
    const json = { name: "Past", ...RULES[4], filters: { agent: ["agent_now"] } };
    const over = { from: instant(seconds - 3_600), to: instant(seconds) };
    const { status, body } = await call(POST, "/api/v1/rules/backtest", {
      ...{ method: "POST", headers, json: { ...json, ...over } },
    });
    expect({ status, body }).toMatchObject({ status: 200, body: { total: 1, messages: 1 } });
  });

  it.each([
    [{ kind: "absence", heartbeat: "x", period: "1h" }, /heartbeat/],
    [{ ...RULES[0], from: "2026-01-01T00:00:00Z" }, /35 days/],
    [{ ...RULES[0], to: "2020-01-01T00:00:00Z" }, /before `to`/],
  ])("refuses %j", async (fields, message) => {
    const request = askedOver(MINUTES, fields);
    await expect(backtestRule("default", request, now)).rejects.toThrow(message);
  });

  it.each([0, 1, 2, 3, 5])("tries other bounds as if each were the rule's: rule %i", async (at) => {
    // What has to lie on one side of the bound is left out: not all of those that are tried would fit.
    const rule = { ...RULES[at], recover: undefined, tiers: [] };
    const { data } = await tryThresholds("default", asked(rule), now);
    expect(data.length).toBeGreaterThan(5);
    expect(data.map(({ fire }) => fire)).toContain((RULES[at] as { fire: number }).fire);
    const totals = [];
    for (const { fire } of data) {
      const { total } = await backtestRule("default", asked({ ...rule, fire }), now);
      totals.push({ fire, total });
    }
    expect(data).toEqual(totals);
    expect(new Set(totals.map(({ total }) => total)).size).toBeGreaterThan(2);
  });

  it("has no bounds to try where a rule has none", async () => {
    const rule = askedOver(MINUTES, RULES[6] ?? {});
    await expect(tryThresholds("default", rule, now)).rejects.toThrow(/one bound/);
    const headers = await bearer("read");
    const json = asked(RULES[2] ?? {});
    const answer = await call(thresholds, "/x", { method: "POST", headers, json });
    expect([answer.status, answer.body]).toEqual([200, { data: expect.any(Array) }]);
  });

  it("says what a longer wait would spare", async () => {
    const { rows } = await pool().query("select id from alert_rule where name = 'Rule 0'");
    const { suggestion: found } = await suggestWait("default", rows[0].id, now);
    expect(found).toEqual({ for: "10m", before: 4, after: 2 });
    const headers = await bearer("read");
    const params = { id: rows[0].id };
    const answer = await call(suggestion, "/api/v1/rules/x/suggestion", { headers, params });
    expect(answer.status).toBe(200);
  });
});
