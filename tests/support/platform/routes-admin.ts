import { isoFromMicros } from "@/lib/time/micros";
import { instantOf, objectOf, textOf } from "./entries";
import { invalid } from "./errors";
import { modelsAt } from "./models";
import type { Platform } from "./platform";
import { type Call, COST_BETA, get, type Route } from "./routes";
import type { CostRow } from "./shapes";
import { Sorted } from "./sorted";

export const adminRoutes: Route[] = [
  get("/v1/models", listModels, { beta: null }),
  get("/v1/organizations/analytics/cost", listCost, { beta: COST_BETA, needs: "admin_key" }),
];

function listModels({ platform, query }: Call): string {
  query.only("after_id", "before_id", "lifecycle[]", "limit");
  const wanted = query.all("lifecycle", ["active", "deprecated", "retired"]);
  const models = modelsAt(platform.now()).filter(
    ({ lifecycle }) => wanted.length === 0 || wanted.includes(lifecycle),
  );
  const limit = platform.lists.limitOf("models", query);
  const place = (name: string) => models.findIndex(({ id }) => id === query.text(name));
  const end = query.has("before_id") ? place("before_id") : models.length;
  const start = query.has("before_id") ? Math.max(0, end - limit) : place("after_id") + 1;
  const data = models.slice(start, Math.min(end, start + limit));
  const has_more = query.has("before_id") ? start > 0 : start + limit < models.length;
  const [first_id, last_id] = [data[0]?.id ?? null, data.at(-1)?.id ?? null];
  return JSON.stringify({ data, has_more, first_id, last_id });
}

const DIMENSIONS = [
  "session_id",
  "agent_id",
  "deployment_id",
  "environment_id",
  "model",
  "workspace_id",
  "product",
] as const;
type Dimension = (typeof DIMENSIONS)[number];

const NO_GROUP = Object.fromEntries(
  [
    ...["actor", "actor_type", "agent_id", "api_key_id", "claude_tag_category", "model"],
    ...["claude_tag_user_id", "context_window", "cost_type", "deployment_id", "environment_id"],
    ...["inference_geo", "organization_id", "product", "rbac_group_id", "service_tier"],
    ...["session_id", "slack_channel_id", "speed", "token_type", "user_profile_id"],
    "workspace_id",
  ].map((name) => [name, null]),
);

const WIDTH_US: Record<string, number> = { "1m": 60e6, "1h": 3_600e6, "1d": 86_400e6 };
const LONGEST_US = 31 * 86_400e6;
const LOOK_BACK_US = 365 * 86_400e6;
const EARLIEST_US = Date.UTC(2026, 0, 1) * 1_000;

/** Costs by session, agent, deployment, environment or model, in buckets of time; ranked by amount. */
function listCost({ platform, query }: Call): string {
  query.only(
    ...["starting_at", "ending_at", "time_bucket_width", "group_by[]", "products[]", "limit"],
    ...["session_ids[]", "agent_ids[]", "deployment_ids[]", "environment_ids[]", "models[]"],
    "workspace_ids[]",
    ...["order_by", "order", "page"],
  );
  const range = costRange(askedRange(query), platform);
  const groupBy = query.all("group_by", DIMENSIONS) as Dimension[];
  const wishes = DIMENSIONS.map((name) => [name, query.all(`${name}s`)] as const);
  const rows = costRows(platform).filter((row) => {
    const us = instantOf(row.at) ?? 0;
    if (us < range.fromUs || us >= Math.min(range.toUs, reportedUs(platform))) return false;
    return wishes.every(
      ([name, wanted]) => wanted.length === 0 || wanted.includes(row[name] ?? ""),
    );
  });
  const sorted = new Sorted<{ sortUs: number; seq: number; json: string }>();
  const byTime = query.one("order_by", ["amount", "list_amount", "time"]) === "time";
  summed(rows, groupBy, range).forEach(({ startUs, json, amount }, seq) => {
    sorted.insert({ sortUs: byTime ? startUs : amount, seq, json });
  });
  const text = platform.lists.answer({
    list: "cost",
    kind: "cost",
    entries: sorted,
    order: query.one("order", ["asc", "desc"]) ?? "desc",
    query,
    bounds: JSON.stringify(range),
    accepts: () => true,
    show: ({ json }) => json,
  });
  const hasMore = !text.endsWith('"next_page":null}');
  const refreshed = JSON.stringify(isoFromMicros(reportedUs(platform)));
  return `${text.slice(0, -1)},"has_more":${hasMore},"data_refreshed_at":${refreshed}}`;
}

type Range = { fromUs: number; toUs: number; widthUs: number };

function askedRange(query: Call["query"]) {
  return {
    from: query.instant("starting_at"),
    to: query.instant("ending_at"),
    width: query.one("time_bucket_width", ["1m", "1h", "1d"]),
  };
}

function costRange({ from, to, width }: ReturnType<typeof askedRange>, platform: Platform): Range {
  if (from === null) throw invalid("starting_at: required");
  if (width !== null && to === null) throw invalid("ending_at: required with time_bucket_width");
  const toUs = to ?? Math.min(platform.nowUs(), from + LONGEST_US);
  if (toUs <= from || toUs - from > LONGEST_US) throw invalid("ending_at: at most 31 days later");
  if (from < Math.max(EARLIEST_US, platform.nowUs() - LOOK_BACK_US))
    throw invalid("starting_at: within the last 365 days, and not before 2026-01-01T00:00:00Z");
  return { fromUs: from, toUs, widthUs: (width && WIDTH_US[width]) || toUs - from };
}

const reportedUs = (platform: Platform) => platform.costReportedUntilUs ?? platform.nowUs();

/** What the sessions state, booked when they were created, and what the caller put there. */
function costRows(platform: Platform): CostRow[] {
  const ofSessions = platform.sessionList.items.flatMap(({ data }): CostRow[] => {
    const cents = Number(textOf(objectOf(objectOf(data.usage).list_cost).amount) ?? Number.NaN);
    if (Number.isNaN(cents)) return [];
    const agent = objectOf(data.agent);
    return [
      {
        session_id: textOf(data.id),
        agent_id: textOf(agent.id),
        deployment_id: textOf(data.deployment_id),
        environment_id: textOf(data.environment_id),
        model: textOf(objectOf(agent.model).id),
        at: textOf(data.created_at) ?? "",
        amount: cents * platform.billedShare,
        list_amount: cents,
      },
    ];
  });
  const usual = { workspace_id: platform.workspaceId, product: "managed_agents_api" };
  return [...ofSessions, ...platform.costRows].map((row) => ({ ...usual, ...row }));
}

function summed(rows: CostRow[], groupBy: Dimension[], { fromUs, toUs, widthUs }: Range) {
  const sums = new Map<string, { startUs: number; row: CostRow }>();
  for (const row of rows) {
    const bucket = Math.floor(((instantOf(row.at) ?? 0) - fromUs) / widthUs);
    const startUs = fromUs + bucket * widthUs;
    const key = JSON.stringify([startUs, ...groupBy.map((name) => row[name] ?? null)]);
    const sum = sums.get(key)?.row;
    const amount = row.amount + (sum?.amount ?? 0);
    const list_amount = row.list_amount + (sum?.list_amount ?? 0);
    sums.set(key, { startUs, row: { ...row, amount, list_amount } });
  }
  return [...sums.values()].map(({ startUs, row }) => {
    const group = {
      ...NO_GROUP,
      ...Object.fromEntries(groupBy.map((name) => [name, row[name] ?? null])),
    };
    const [amount, list_amount] = [cents(row.amount), cents(row.list_amount)];
    const json = JSON.stringify({
      starting_at: isoFromMicros(startUs),
      ending_at: isoFromMicros(Math.min(toUs, startUs + widthUs)),
      group,
      cost: { amount, list_amount, currency: "USD", requests: null },
    });
    return { startUs, amount: row.amount, json };
  });
}

const cents = (amount: number) => String(Number(amount.toFixed(6)));
