// Agents: what each agent came to, version by version, and whether its newest version is better.
// Written by: nobody; read from sessions, from what agents ran with, and from metrics. Read by: the
// pages Agents, markers on charts, the JSON API.
// Invariant: every figure is the one metric's of the same name; only how much single sessions vary is
// read from their rows. Sessions with overrides are in no version's figures.
import { z } from "zod";
import { Advice, FleetRange } from "@/lib/fleet/schema";
import { said } from "@/lib/http/content";
import { AGENT_SORTS, AREAS } from "./names";

const count = z.int().nonnegative();
const nanos = z.number().describe("nano-dollars");
const instant = z.string().describe("RFC 3339, UTC");

export const AgentsQuery = FleetRange.extend({
  q: z.string().max(200).optional().describe("text in names and ids"),
  sort: z.enum(AGENT_SORTS).default("sessions"),
  order: z.enum(["asc", "desc"]).default("desc"),
  limit: z.coerce.number().int().min(1).max(200).default(100),
  cursor: z.string().max(1024).optional(),
});
export type AgentsQuery = z.infer<typeof AgentsQuery>;

/** What sessions of a range came to, in the words of the metric catalogue. */
export const AgentFigures = z.object({
  sessions: count.describe("sessions_started"),
  failed: count.describe("of failure_rate"),
  decided: count.describe("of failure_rate: completed or failed"),
  settled: count.describe("sessions_settled"),
  cost_nanos: nanos.describe("cost"),
  settled_cost_nanos: nanos.describe("of cost_per_completed_session"),
  completed: count.describe("of cost_per_completed_session"),
  turn_p95_ms: count.nullable().describe("turn_duration at p95; null without a turn"),
});
export type AgentFigures = z.infer<typeof AgentFigures>;

export const AgentItem = AgentFigures.extend({
  id: z.string(),
  name: z.string().nullable(),
  version: z.string().nullable().describe("the newest"),
  versions_total: count,
  model: z.string().nullable(),
  last_used_at: instant.nullable(),
  archived_at: instant.nullable(),
  overridden: count.describe(
    "sessions started in the range with another configuration than their version's own",
  ),
  agent_ids: z.array(z.string()).describe("of those it stands for, the newest first, at most 50"),
  made_for_runs: count.describe("agents that this row stands for, each made for one run; else 0"),
  advice: Advice.nullable(),
}).meta({ id: "AgentItem" });
export type AgentItem = z.infer<typeof AgentItem>;

export const AgentsPage = z.object({
  data: z.array(AgentItem),
  next_cursor: z.string().nullable(),
  total: count.describe("rows over all pages"),
});
export type AgentsPage = z.infer<typeof AgentsPage>;

export const AgentRef = z.object({ id: z.string().max(256) });

export const VersionItem = AgentFigures.extend({
  version: z.string().describe("'' where sessions name none"),
  model: z.string().nullable(),
  effort: z.string().nullable(),
  published_at: instant.nullable(),
  first_used_at: instant.nullable().describe("its first session, of all time"),
  last_used_at: instant.nullable().describe("of all time"),
  overridden: count.describe("sessions of the range with overrides: in no figure beside it"),
  own_by: z
    .enum(["published", "most_used"])
    .nullable()
    .describe(
      "how its own configuration is told from overrides: as it was published, or as most of its sessions ran; null while it has one configuration",
    ),
  override_configs: z.array(z.string()).describe("`config` of the sessions with overrides"),
}).meta({ id: "AgentVersionFigures" });
export type VersionItem = z.infer<typeof VersionItem>;

export const Candidates = z
  .object({
    sessions: count.describe(
      "settled in the range within 30 s of their start, without a tool of the sandbox",
    ),
    settled: count.describe("all that settled in the range"),
    runtime_nanos: nanos.describe("what their running time has cost"),
  })
  .meta({ id: "MessagesApiCandidates" });
export type Candidates = z.infer<typeof Candidates>;

export const AgentDetail = AgentFigures.extend({
  id: z.string(),
  name: z.string().nullable(),
  description: z.string().nullable(),
  model: z.string().nullable(),
  version: z.string().nullable(),
  first_used_at: instant.nullable(),
  last_used_at: instant.nullable(),
  archived_at: instant.nullable(),
  from: instant,
  to: instant,
  complete_until: instant,
  versions: z.array(VersionItem).describe("the newest first, at most 50"),
  versions_total: count,
  candidates: Candidates,
}).meta({ id: "AgentDetail" });
export type AgentDetail = z.infer<typeof AgentDetail>;

export const DiffLine = z.discriminatedUnion("kind", [
  z.object({ kind: z.enum(["same", "added", "removed"]), text: z.string() }),
  z.object({ kind: z.literal("skipped"), lines: count.describe("unchanged, left out") }),
]);
export type DiffLine = z.infer<typeof DiffLine>;

export const ConfigChange = z
  .object({
    area: z.enum(AREAS),
    what: z.string().describe("in words"),
    change: z.enum(["added", "removed", "changed"]),
    from: z.string().nullable(),
    to: z.string().nullable(),
    lines: z.array(DiffLine).nullable().describe("of the prompt, line by line"),
  })
  .meta({ id: "ConfigChange" });
export type ConfigChange = z.infer<typeof ConfigChange>;

export const CompareQuery = FleetRange.extend({
  base: z.string().max(256),
  version: z.string().max(256),
});
export type CompareQuery = z.infer<typeof CompareQuery>;

const Needed = z.object({
  sessions: count,
  of: z.enum(["version", "both"]).describe("of the second alone, or of each"),
});
export type Needed = z.infer<typeof Needed>;

const Side = z.object({
  value: z.number().nullable(),
  low: z.number().nullable().describe("of the 95 % interval"),
  high: z.number().nullable(),
  size: count.describe("sessions it is of"),
});
export const ComparedFigure = z
  .object({
    id: z.enum([
      "failure_rate",
      "cost_per_completed_session",
      "cost_per_session",
      "turn_duration_p95",
    ]),
    base: Side,
    version: Side,
    difference: z
      .object({ value: z.number(), low: z.number(), high: z.number() })
      .nullable()
      .describe(
        "with its 99 % interval; of a rate the difference, of the others the share by which it is more",
      ),
    verdict: z.enum(["better", "worse", "undecided", "unknown"]),
    needed: Needed.nullable().describe("how many more sessions would decide at this difference"),
  })
  .meta({ id: "ComparedFigure" });
export type ComparedFigure = z.infer<typeof ComparedFigure>;

export const VERDICTS = ["better", "worse", "mixed", "alike", "not_enough"] as const;
export type VerdictKind = (typeof VERDICTS)[number];

const ComparedVersion = z.object({
  version: z.string(),
  sessions: count.describe("of the range, without those with overrides"),
  overridden: count,
  is_newest: z.boolean(),
});

export const Comparison = z
  .object({
    base: ComparedVersion,
    version: ComparedVersion,
    changes: said(
      z
        .array(ConfigChange)
        .nullable()
        .describe("null where nobody has told the configuration of one of the two"),
    ),
    figures: z.array(ComparedFigure),
    verdict: z.enum(VERDICTS),
    needed: Needed.nullable(),
    sentence: z.string().describe("the verdict in words"),
    pin: z
      .object({
        text: z.string(),
        calls: z.array(z.object({ title: z.string(), language: z.string(), code: z.string() })),
        reminder: z.string(),
      })
      .nullable()
      .describe("where the newest version is worse: how to stay with the other"),
  })
  .meta({ id: "VersionComparison" });
export type Comparison = z.infer<typeof Comparison>;

export const MarkersQuery = z.object({
  from: z.iso.datetime({ offset: true }),
  to: z.iso.datetime({ offset: true }).optional().describe("default: now"),
  agent: z
    .preprocess(
      (value) => (value === undefined || Array.isArray(value) ? value : [value]),
      z.array(z.string().max(256)).max(50).optional(),
    )
    .describe("default: all"),
});
export type MarkersQuery = z.infer<typeof MarkersQuery>;

export const Markers = z.object({
  data: z
    .array(
      z.object({
        agent: z.string(),
        name: z.string().nullable(),
        version: z.string(),
        at: instant.describe("start of its first session"),
      }),
    )
    .describe("versions first used in the range by agents that had another before; oldest first"),
  total: count.describe("all there are; at most the newest 30 are told"),
});
export type Markers = z.infer<typeof Markers>;
