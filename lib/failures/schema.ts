// Failures: which errors there are, in which sessions, and what stands still now.
// Written by: nobody; everything is read from sessions, their spans and their cells. Read by: the
// failures page and the JSON API. How often something failed is a metric, and asked there.
// Invariant: errors are told apart by a key that follows from the error alone, so that events late,
// repeated or removed move it in and out as they do everything else.
import { z } from "zod";
import { asksContent, said } from "@/lib/http/content";
import { MetricsQuery, Step } from "@/lib/metrics/query-schema";
import { SessionFilter } from "@/lib/sessions/query-schema";
import { Outcome, WaitedCall } from "@/lib/sessions/schema";
import { QUIET_DAYS } from "./marks";

const count = z.int().nonnegative();
const instant = z.string().describe("RFC 3339, UTC");
const AgentRef = z.object({
  id: z.string().nullable(),
  name: z.string().nullable(),
  version: z.union([z.number(), z.string()]).nullable(),
});

const Filters = SessionFilter.omit({
  ...{ from: true, to: true, by: true, failed: true, q: true },
  ...{ min_cost_nanos: true, min_duration_ms: true, max_duration_ms: true, sandbox: true },
});
const { from, to, tz } = MetricsQuery.shape;
const Range = Filters.extend({ from, to });
export type FailuresRange = z.infer<typeof Range>;

const group = z.string().min(1).max(512).describe("`key` of an error group");
const limit = z.coerce.number().int().min(1);

export const ErrorGroupsQuery = Range.extend({
  tz,
  step: Step.default("1h").describe("of `points`"),
  group: asksContent(group.optional().describe("only this one, however rare")),
  limit: limit.max(200).default(50).describe("groups, the most frequent first"),
});
export type ErrorGroupsQuery = z.infer<typeof ErrorGroupsQuery>;

export const ErrorGroupItem = z
  .object({
    key: said(
      z.string().nullable().describe("names the group, here and as `error_group` of metrics"),
    ),
    kind: z.enum(["session", "tool", "workflow"]),
    error_type: z.string().nullable().describe("null of failed tool calls"),
    tool: z.string().nullable(),
    mcp_server: z.string().nullable(),
    message: said(
      z.string().nullable().describe("without ids, numbers, paths, times and quoted values"),
    ),
    count: count.describe("in the range: the metric `grouped_errors`"),
    points: z.array(z.number().nullable()).describe("the same, parallel to `times`"),
    sessions: count.describe("with at least one of these errors in the range"),
    first_seen: instant.nullable().describe("ever, in any session; to the minute"),
    last_seen: instant.nullable().describe("the same"),
    state: z
      .enum(["new", "regressed", "known"])
      .describe(
        `new: never seen before the range, though there were sessions; regressed: seen in the range after ${QUIET_DAYS} days or more without it`,
      ),
    quiet_ms: count.nullable().describe("regressed: how long there was none before it came back"),
  })
  .meta({ id: "ErrorGroup" });
export type ErrorGroupItem = z.infer<typeof ErrorGroupItem>;

export const ErrorGroups = z.object({
  data: z.array(ErrorGroupItem),
  groups: count.describe("all there are in the range"),
  step: Step,
  times: z.array(instant).describe("starts of the steps"),
  complete_until: instant,
});
export type ErrorGroups = z.infer<typeof ErrorGroups>;

export const GroupSessionsQuery = Range.extend({
  group,
  limit: limit.max(100).default(20),
  cursor: z.string().max(1024).optional(),
});
export type GroupSessionsQuery = z.infer<typeof GroupSessionsQuery>;

const SessionRef = z.object({
  id: z.string(),
  connection_id: z.string().nullable(),
  title: said(z.string().nullable()),
  agent: AgentRef,
  outcome: Outcome,
});

export const GroupSessionsPage = z.object({
  data: z.array(
    z.object({
      session: SessionRef,
      count: count.describe("of these errors in the range"),
      last_at: instant.describe("to the minute"),
      event_id: z.string().nullable().describe("the last of them"),
    }),
  ),
  next_cursor: z.string().nullable(),
});
export type GroupSessionsPage = z.infer<typeof GroupSessionsPage>;
export type GroupSession = GroupSessionsPage["data"][number];

export const AffectedQuery = Range.extend({ limit: limit.max(200).default(200) });
export type AffectedQuery = z.infer<typeof AffectedQuery>;

const Affected = z.object({
  data: z.array(z.object({ name: z.string(), sessions: count })),
  total: count.describe("all there are in the range"),
});
export const AffectedAnswer = z.object({
  tools: Affected.describe("sessions in which a call of the tool failed; most first"),
  mcp_servers: Affected.describe(
    "sessions in which a call to the server failed, or the server itself",
  ),
});
export type AffectedAnswer = z.infer<typeof AffectedAnswer>;

export const StuckQuery = Filters.extend({
  limit: limit.max(200).default(50),
  cursor: z.string().max(1024).optional(),
});
export type StuckQuery = z.infer<typeof StuckQuery>;

export const StuckPage = z.object({
  data: z
    .array(
      z.object({
        kind: z
          .enum(["waiting", "silent"])
          .describe("waiting for somebody; running, and no event for 10 minutes or more"),
        session: SessionRef,
        since: instant.describe("start of the wait, or the last event"),
        waiting_for: z.array(WaitedCall),
        cost_nanos: z.int().describe("so far, in nano-dollars"),
      }),
    )
    .describe("the longest first"),
  next_cursor: z.string().nullable(),
  waiting: count.describe("all there are"),
  silent: count.describe("all there are"),
});
export type StuckPage = z.infer<typeof StuckPage>;
export type StuckItem = StuckPage["data"][number];
