import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { fillDemo } from "@/lib/demo/service";
import { env } from "@/lib/env";
import { EXPORTED, EXPORTED_AGES } from "@/lib/metrics/exported";
import { addUp } from "@/lib/metrics/rollup-service";
import { bearer } from "@/tests/support/api";
import { truncateAll } from "@/tests/support/database";
import { needPrometheus, type Prometheus } from "@/tests/support/find-prometheus";
import { freePort } from "@/tests/support/free-port";
import { startServer, type TestServer } from "@/tests/support/server";

const RULES = resolve("public/prometheus/watchkeeper.rules.yml");
const DASHBOARD = resolve("public/grafana/watchkeeper.json");

let programs: Prometheus;
let server: TestServer;
let prometheus: ChildProcess;
let folder: string;
let api: string;
let key: { authorization: string };
let text: string;

beforeAll(async () => {
  programs = needPrometheus();
  await truncateAll();
  key = await bearer("read");
  const nowUs = Date.now() * 1000;
  await fillDemo("default", { seed: "prometheus", days: 2, sessions: 40 }, nowUs, () => {});
  await addUp(new Date());
  server = await startServer({ databaseUrl: env.DATABASE_URL ?? "" });
  text = await (await fetch(`${server.url}/metrics`, { headers: key })).text();
  folder = await mkdtemp(join(tmpdir(), "watchkeeper-prometheus-"));
  api = await startPrometheus();
}, 300_000);

afterAll(async () => {
  if (prometheus && prometheus.exitCode === null) {
    prometheus.kill("SIGKILL");
    await once(prometheus, "exit");
  }
  await server?.stop();
  if (folder) await rm(folder, { recursive: true });
});

/** The real one, scraping every second, with the rules that the documents name. */
async function startPrometheus(): Promise<string> {
  const config = join(folder, "prometheus.yml");
  await writeFile(
    config,
    JSON.stringify({
      global: { scrape_interval: "1s", evaluation_interval: "1s" },
      rule_files: [RULES],
      scrape_configs: [
        {
          job_name: "watchkeeper",
          authorization: { credentials: key.authorization.replace("Bearer ", "") },
          static_configs: [{ targets: [new URL(server.url).host] }],
        },
      ],
    }),
  );
  const address = `127.0.0.1:${await freePort()}`;
  const flags = [`--config.file=${config}`, `--storage.tsdb.path=${join(folder, "data")}`];
  prometheus = spawn(programs.prometheus, [...flags, `--web.listen-address=${address}`], {
    stdio: "ignore",
  });
  return `http://${address}/api/v1`;
}

type Result = { metric: Record<string, string>; value: [number, string] };
async function ask(path: string, query: Record<string, string> = {}): Promise<unknown> {
  const answer = await fetch(`${api}${path}?${new URLSearchParams(query)}`).catch(() => null);
  if (!answer) return null;
  const body = (await answer.json()) as { status: string; data: unknown; error?: string };
  if (body.status !== "success") throw new Error(`${JSON.stringify(query)}: ${body.error}`);
  return body.data;
}
const evaluate = async (query: string) =>
  ((await ask("/query", { query })) as { result: Result[] } | null)?.result ?? [];
async function until<T>(read: () => Promise<T>, isThere: (value: T) => boolean): Promise<T> {
  for (;;) {
    const value = await read();
    if (isThere(value)) return value;
    await sleep(200);
  }
}

/** Names of samples with the labels they come with; of what this fleet has nothing of, as they are declared. */
function exported(): Map<string, Set<string>> {
  const names = new Map<string, Set<string>>();
  const declared = [
    ...EXPORTED.map(({ name, groups, bounds }) => ({
      name: bounds ? `${name}_bucket` : name,
      labels: bounds ? [...groups, "le"] : groups,
    })),
    ...EXPORTED_AGES.map(({ name, group }) => ({ name, labels: [group] })),
  ];
  for (const { name, labels } of declared)
    names.set(`watchkeeper_${name}`, new Set<string>(labels));
  for (const line of text.split("\n")) {
    const [, name, labels = ""] = /^([a-z0-9_]+)(\{.*\})? /.exec(line) ?? [];
    if (name === undefined) continue;
    const known = names.get(name) ?? new Set();
    names.set(name, known);
    for (const [, label = ""] of labels.matchAll(/([a-z_]+)="/g)) known.add(label);
  }
  return names;
}

const promtool = (args: string[], input?: string) =>
  spawnSync(programs.promtool, args, { input, encoding: "utf8" });

test("promtool finds nothing to object to", () => {
  const { status, stdout, stderr } = promtool(["check", "metrics"], text);
  expect({ status, said: stdout + stderr }).toEqual({ status: 0, said: "" });
  const broken = promtool(["check", "metrics"], "# TYPE a_total gauge\na_total 1\n");
  expect(broken.status).not.toBe(0);
});

test("a real Prometheus scrapes what the API tells", async () => {
  const [up] = await until(
    () => evaluate("up"),
    ([first]) => first?.value[1] === "1",
  );
  expect(up?.metric.job).toBe("watchkeeper");
  const range = `from=2026-01-01T00:00:00Z&to=2099-01-01T00:00:00Z&step=all&limit=200`;
  const totals = async (metric: string, group: string) => {
    const path = `/api/v1/metrics?${range}&metric=${metric}&group_by=${group}`;
    const answer = await fetch(`${server.url}${path}`, { headers: key });
    const { results } = (await answer.json()) as {
      results: Array<{ series: Array<{ labels: Record<string, string>; total: number }> }>;
    };
    return Object.fromEntries(
      results[0]?.series.map(({ labels, total }) => [labels[group] || "none", total]) ?? [],
    );
  };
  const scraped = async (query: string, group: string) =>
    Object.fromEntries(
      (await evaluate(query)).map(({ metric, value }) => [metric[group], Number(value[1])]),
    );
  expect(await scraped("watchkeeper_sessions_started_total", "agent")).toEqual(
    await totals("sessions_started", "agent"),
  );
  expect(await scraped("sum by (tool) (watchkeeper_tool_calls_total)", "tool")).toEqual(
    await totals("tool_calls", "tool"),
  );
  const usd = await scraped("sum by (agent) (watchkeeper_cost_usd_total) * 1e9", "agent");
  for (const [agent, nanos] of Object.entries(await totals("cost", "agent")))
    expect(Math.abs((usd[agent] ?? 0) - nanos), agent).toBeLessThan(1);
  const p95 = "histogram_quantile(0.95, sum by (le) (watchkeeper_turn_duration_seconds_bucket))";
  expect(Number((await evaluate(p95))[0]?.value[1])).toBeGreaterThan(0);
});

test("every family of the list is told", () => {
  const types = new Map(
    [...text.matchAll(/^# TYPE (\S+) (\S+)$/gm)].map(([, name, type]) => [name, type]),
  );
  for (const { name, type } of EXPORTED) expect(types.get(`watchkeeper_${name}`)).toBe(type);
  for (const { name } of EXPORTED_AGES) expect(types.get(`watchkeeper_${name}`)).toBe("gauge");
  for (const [name, labels] of exported())
    expect([...labels].join(" "), name).toMatch(/^[a-z_ ]*$/);
});

/** Metrics, and labels beside them, that a query is about. */
function namedIn(query: string): { metrics: string[]; labels: string[] } {
  const metrics = query.match(/\b(watchkeeper|process|nodejs)_[a-z0-9_]+/g) ?? [];
  const matchers = [...query.matchAll(/([a-z_]+)\s*(?:=~|!~|!=|=)\s*"/g)].map(([, label]) => label);
  const grouped = [...query.matchAll(/by \(([^)]*)\)/g)].flatMap(([, by = ""]) => by.split(", "));
  return { metrics, labels: [...matchers, ...grouped].filter((label) => label !== undefined) };
}
/** Prometheus adds these. */
const TARGET = ["job", "instance"];

function expectKnown(query: string, more: string[] = []): void {
  const names = exported();
  const { metrics, labels } = namedIn(query);
  const told = new Set(TARGET);
  for (const name of metrics) {
    expect([...names.keys()]).toContain(name);
    for (const label of names.get(name) ?? []) told.add(label);
  }
  for (const label of [...labels, ...more])
    expect([...told], `${label} in ${query}`).toContain(label);
}

describe("the dashboard", () => {
  type Panel = { title: string; targets?: Array<{ expr: string; legendFormat: string }> };
  const dashboard = JSON.parse(readFileSync(DASHBOARD, "utf8")) as {
    panels: Panel[];
    templating: { list: Array<{ name: string; definition?: string }> };
  };
  const queries = dashboard.panels.flatMap(({ title, targets = [] }) =>
    targets.map(({ expr, legendFormat }) => ({ title, expr, legendFormat })),
  );
  test.each(queries)("$title: $expr", async ({ expr, legendFormat }) => {
    const legends = [...legendFormat.matchAll(/\{\{(\w+)\}\}/g)].map(([, label = ""]) => label);
    expectKnown(expr, legends);
    const filled = expr
      .replaceAll("$agent", ".*")
      .replaceAll("$__rate_interval", "1m")
      .replaceAll("$__range", "1h");
    expect(filled).not.toContain("$");
    await evaluate(filled);
  });
  test("names every agent that costs something", async () => {
    const [cost] = queries.filter(({ title }) => title === "Cost by agent");
    const joined = cost?.expr.replaceAll("$agent", ".*").replaceAll("$__rate_interval", "1m") ?? "";
    expect(joined).toContain("watchkeeper_agent_info");
    const agents = await evaluate("count by (agent) (watchkeeper_cost_usd_total)");
    expect(agents.length).toBeGreaterThan(1);
    const named = await until(
      () => evaluate(joined),
      (rows) => rows.length === agents.length,
    );
    expect(named.map(({ metric }) => metric.agent_name)).not.toContain("");
  });
  test("offers the agents there are", () => {
    const [agents] = dashboard.templating.list.filter(({ name }) => name === "agent");
    expect(agents?.definition).toBe("label_values(watchkeeper_sessions_started_total, agent)");
    expect(exported().get("watchkeeper_sessions_started_total")).toContain("agent");
  });
});

describe("the alert rules", () => {
  test("are right by promtool", () => {
    const { status, stdout, stderr } = promtool(["check", "rules", RULES]);
    expect({ status, stderr, stdout }).toMatchObject({ status: 0, stderr: "" });
    expect(stdout).toContain("SUCCESS");
  });
  test("are about what is exported, and evaluated without an error", async () => {
    type Rule = { name: string; query: string; health: string; lastError?: string };
    const rules = await until(
      async () =>
        ((await ask("/rules")) as { groups: Array<{ rules: Rule[] }> }).groups.flatMap(
          (group) => group.rules,
        ),
      (all) => all.length > 0 && all.every(({ health }) => health !== "unknown"),
    );
    expect(rules.length).toBeGreaterThan(8);
    for (const { name, query, health, lastError } of rules) {
      expect({ name, health, lastError }).toEqual({ name, health: "ok", lastError: undefined });
      expectKnown(query);
    }
  });
});
