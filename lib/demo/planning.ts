import { type Calendar, within } from "@/lib/demo/calendar";
import type { FleetVersion } from "@/lib/demo/fleet";
import {
  type Ending,
  type ErrorType,
  type EvaluationResult,
  type Flag,
  PLAIN,
  type Plan,
  type Rare,
} from "@/lib/demo/plan";
import type { Random } from "@/lib/demo/random";

/** What is known of a session before it runs. */
export interface Outlook {
  random: Random;
  calendar: Calendar;
  version: FleetVersion;
  startUs: number;
  /** Started by a deployment: nobody is there to write a second message. */
  scheduled: boolean;
}

const MODEL_ERRORS: readonly (readonly [ErrorType, number])[] = [
  ["model_overloaded_error", 40],
  ["model_request_failed_error", 25],
  ["model_rate_limited_error", 20],
  ["unknown_error", 8],
];

/** Probabilities of what happens beside the usual. */
const CHANCES: readonly (readonly [Flag, number])[] = [
  ["title", 0.03],
  ["image", 0.006],
  ["document", 0.008],
  ["redacted", 0.003],
  ["archived", 0.04],
  ["timeless_inputs", 0.02],
  ["future_event", 0.003],
  ["rescheduled", 0.012],
  ["late_follow_up", 0.12],
  ["system_message", 0.01],
];

export function planSession(outlook: Outlook, rare: Rare | null): Plan {
  const { random, version } = outlook;
  const shape = shapeOf(outlook, rare);
  const ending = rare === null ? endingOf(outlook) : PLAIN.ending;
  const bySchedule = outlook.scheduled ? 1 : turnsOf(random);
  const plan: Plan = {
    shape,
    ending,
    turns: bySchedule,
    effort: 1,
    evaluations: [],
    retried: rare === null ? retriedOf(outlook) : [],
    flags: new Set(CHANCES.filter(([, chance]) => random.chance(chance)).map(([flag]) => flag)),
  };
  const { agent: _agent, flags = [], ...forced } = rare ?? {};
  const full: Plan = { ...plan, ...forced, flags: new Set([...plan.flags, ...flags]) };
  const advised = version.agent.advisor !== null && random.chance(0.22);
  if (advised) full.flags = new Set([...full.flags, "advisor"]);
  if (full.shape !== "outcome") return { ...full, evaluations: [] };
  return withEvaluations(full, random);
}

function shapeOf({ random, version }: Outlook, rare: Rare | null): Plan["shape"] {
  const { shape } = version.agent;
  const workflow = rare?.flags?.some((flag) => flag.startsWith("workflow_"));
  return shape === "workflow" && !workflow && random.chance(0.5) ? "chat" : shape;
}

function turnsOf(random: Random): number {
  return random.weighted([
    [1, 57],
    [2, 25],
    [3, 11],
    [4, 5],
    [5, 2],
  ] as const);
}

function endingOf(outlook: Outlook): Ending {
  const { random, version, calendar, startUs } = outlook;
  if (within(calendar.overload, startUs) && random.chance(0.16)) {
    return { kind: "retries_exhausted", error: "model_overloaded_error" };
  }
  if (random.chance(version.spec.failureRate)) return failureOf(outlook);
  // A deployment's budget is given, and generous.
  const capped = outlook.scheduled ? 0 : 5;
  return random.weighted<Ending>([
    [{ kind: "end_turn" }, 965],
    [{ kind: "interrupted" }, 24],
    [{ kind: "budget_reached", raised: true }, capped],
    [{ kind: "budget_reached", raised: false }, capped],
  ]);
}

function failureOf({ random, version }: Outlook): Ending {
  if (version.spec.published === "bad_deploy" && random.chance(0.75)) {
    return { kind: "retries_exhausted", error: "mcp_authentication_failed_error" };
  }
  const category = random.pick(["cyber", "general_harms", null, "reasoning_extraction"] as const);
  return random.weighted<Ending>([
    [{ kind: "retries_exhausted", error: random.weighted(MODEL_ERRORS) }, 46],
    [{ kind: "retries_exhausted", error: "tool_use_limit_reached_error" }, 8],
    [{ kind: "terminated", error: random.pick(["unknown_error", "billing_error"] as const) }, 16],
    [{ kind: "terminated", error: "compaction_limit_reached_error" }, 6],
    [{ kind: "refused", category }, 14],
  ]);
}

function retriedOf({ random, version, calendar, startUs }: Outlook): ErrorType[] {
  if (within(calendar.overload, startUs)) {
    return Array<ErrorType>(random.int(0, 4)).fill("model_overloaded_error");
  }
  if (!random.chance(0.045)) return [];
  const server = version.threadAgent.mcp_servers.length > 0;
  const type =
    server && random.chance(0.3) ? "mcp_connection_failed_error" : random.weighted(MODEL_ERRORS);
  return Array<ErrorType>(random.int(1, 3)).fill(type);
}

/** With a rubric, half of the failures are the grader's. */
function withEvaluations(plan: Plan, random: Random): Plan {
  if (plan.evaluations.length > 0) return plan;
  const failed = plan.ending.kind === "retries_exhausted" && random.chance(0.6);
  const evaluations = failed
    ? random.weighted<readonly EvaluationResult[]>([
        [["failed"], 4],
        [["needs_revision", "needs_revision", "max_iterations_reached"], 6],
      ])
    : random.weighted<readonly EvaluationResult[]>([
        [["satisfied"], 58],
        [["needs_revision", "satisfied"], 32],
        [["needs_revision", "needs_revision", "satisfied"], 10],
      ]);
  return { ...plan, evaluations, ending: failed ? { kind: "end_turn" } : plan.ending };
}
