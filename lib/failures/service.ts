import { invalidField } from "@/lib/http/errors";
import { groupOfKey } from "@/lib/metrics/error-group";
import type { MetricsQuery } from "@/lib/metrics/query-schema";
import { readMetrics } from "@/lib/metrics/query-service";
import { markOf } from "./marks";
import type {
  AffectedAnswer,
  AffectedQuery,
  ErrorGroupItem,
  ErrorGroups,
  ErrorGroupsQuery,
  FailuresRange,
  GroupSessionsPage,
  GroupSessionsQuery,
} from "./schema";
import { readGroupSessions } from "./sessions-store";
import { type GroupFacts, type Minutes, readAffected, readBegan, readGroupFacts } from "./store";

const MINUTE_MS = 60_000;

/** Whole minutes, as metrics count them. Throws `invalid` for a range that ends before it begins. */
function minutesOf({ from, to }: Pick<FailuresRange, "from" | "to">, now: Date): Minutes {
  const toMs = to ? Date.parse(to) : now.getTime();
  if (Date.parse(from) >= toMs) throw invalidField("from", "it must be before `to`");
  return { from: Math.floor(Date.parse(from) / MINUTE_MS), to: Math.ceil(toMs / MINUTE_MS) };
}

/** The errors of a range by what they say: how often (the metric says it), since when, in how many sessions. */
export async function readErrorGroups(
  workspace: string,
  query: ErrorGroupsQuery,
  now = new Date(),
): Promise<ErrorGroups> {
  const { group, limit, step, tz, from, to, ...filters } = query;
  if (group !== undefined) refuseNoGroup(group);
  const minutes = minutesOf(query, now);
  const asked: MetricsQuery = {
    ...{ from, to: to ?? now.toISOString(), step, tz, limit, agg: "count", ...filters },
    metric: ["grouped_errors"],
    group_by: ["error_group"],
    ...(group === undefined ? {} : { error_group: [group] }),
  };
  const [result] = (await readMetrics(workspace, asked, { now })).results;
  if (!result) throw new Error("no answer to one metric");
  const series = result.series.slice(0, limit).filter(({ total }) => (total ?? 0) > 0);
  const keys = series.map(({ labels }) => labels.error_group ?? "");
  const facts = new Map(
    (await readGroupFacts(workspace, { keys, minutes, filters })).map((one) => [one.key, one]),
  );
  const range = { from: minutes.from, began: await readBegan(workspace) };
  const data = series.flatMap(({ points, total }, at) => {
    const item = itemOf(keys[at] ?? "", facts, range);
    return item ? [{ ...item, count: total ?? 0, points: points.map(([, value]) => value) }] : [];
  });
  return {
    data,
    groups: data.length + result.truncated_groups,
    step,
    times: (series[0]?.points ?? []).map(([at]) => at),
    complete_until: result.complete_until,
  };
}

const instantOf = (minute: number | null | undefined) =>
  minute == null ? null : new Date(minute * MINUTE_MS).toISOString().replace(".000Z", "Z");

function itemOf(
  key: string,
  known: ReadonlyMap<string, GroupFacts>,
  range: { from: number; began: number | null },
): Omit<ErrorGroupItem, "count" | "points"> | null {
  const group = groupOfKey(key);
  if (!group) return null;
  const { sessions = 0, first = null, last = null, quiet = null } = known.get(key) ?? {};
  return {
    ...{ key, kind: group.kind, message: group.message, sessions },
    error_type: group.errorType || null,
    tool: group.tool || null,
    mcp_server: group.mcpServer || null,
    first_seen: instantOf(first),
    last_seen: instantOf(last),
    ...markOf({ first, quiet }, range),
  };
}

function refuseNoGroup(group: string): void {
  if (!groupOfKey(group))
    throw invalidField(
      "group",
      "expected the `key` of an error group, as /failures/groups gives it",
    );
}

export async function readSessionsOfGroup(
  workspace: string,
  query: GroupSessionsQuery,
  now = new Date(),
): Promise<GroupSessionsPage> {
  refuseNoGroup(query.group);
  return readGroupSessions(workspace, { minutes: minutesOf(query, now), query });
}

export async function readAffectedBy(
  workspace: string,
  query: AffectedQuery,
  now = new Date(),
): Promise<AffectedAnswer> {
  return readAffected(workspace, { minutes: minutesOf(query, now), query });
}
