import { addText } from "@/lib/demo/context";
import type { Entry, Lane } from "@/lib/demo/lane";
import type { Run } from "@/lib/demo/run";
import type { DemoEvent } from "@/lib/demo/schema";
import { fill } from "@/lib/demo/text";
import type { ToolSpec } from "@/lib/demo/tool";
import { toolOf } from "@/lib/demo/toolbox";

type ToolUse = Extract<DemoEvent, { type: "agent.tool_use" }>;
type Permission = NonNullable<ToolUse["evaluated_permission"]>;
type Evaluation = NonNullable<ToolUse["evaluation"]>;

/** A tool call from the model's decision to its answer. */
export interface Call {
  tool: ToolSpec;
  input: Record<string, unknown>;
  permission: Permission;
  evaluation: Evaluation;
  /** The person's answer to a call that asks. */
  allowed: boolean;
  useId: string;
}

export interface CallWish {
  asks?: boolean;
  autoDenied?: boolean;
  custom?: boolean;
}

export function chooseCalls(run: Run, tools: readonly string[], wish: CallWish): Call[] {
  const { random } = run;
  const unattended = run.plan.flags.has("unattended");
  const specs = tools.map(toolOf).filter((tool) => !unattended || tool.policy !== "always_ask");
  const wanted = specs.find(
    (tool) =>
      (wish.asks && tool.policy !== "always_allow") ||
      (wish.autoDenied && tool.policy === "auto") ||
      (wish.custom && tool.kind === "custom"),
  );
  if (wanted !== undefined) return [planCall(run, wanted, wish)];
  // What needs a person is called less often than what does not.
  const weighted = specs.map((tool) => [tool, tool.policy === "always_ask" ? 0.12 : 1] as const);
  const count = random.weighted([
    [1, 74],
    [2, 17],
    [3, 6],
    [4, 3],
  ] as const);
  return Array.from({ length: count }, () => planCall(run, random.weighted(weighted), {}));
}

function planCall(run: Run, tool: ToolSpec, wish: CallWish): Call {
  const evaluation = evaluate(run, tool, wish);
  const permission =
    evaluation.type === "auto"
      ? evaluation.evaluated_permission.type
      : evaluation.type === "always_ask"
        ? "ask"
        : "allow";
  return {
    tool,
    input: tool.input(run.random, run.facts),
    permission,
    evaluation,
    allowed: !run.plan.flags.has("denied") && !run.random.chance(0.09),
    useId: run.ids.id("sevt"),
  };
}

function evaluate(run: Run, tool: ToolSpec, wish: CallWish): Evaluation {
  if (tool.policy !== "auto") return { type: tool.policy };
  const permission = wish.autoDenied
    ? "deny"
    : wish.asks
      ? "ask"
      : run.random.weighted([
          ["allow", 90],
          ["deny", 6],
          ["ask", run.plan.flags.has("unattended") ? 0 : 4],
        ] as const);
  switch (permission) {
    case "allow":
      return { evaluated_permission: { type: "allow" }, type: "auto" };
    case "deny": {
      const reason_code = run.random.chance(0.8) ? "high_risk" : "indeterminate";
      return { evaluated_permission: { reason_code, type: "deny" }, type: "auto" };
    }
    case "ask":
      return {
        evaluated_permission: { reason_code: "indeterminate", type: "ask" },
        type: "auto",
      };
  }
}

/** Puts the call into the thread's list. */
export function emitUse(lane: Lane, call: Call): Entry {
  return lane.emit(callEvent(call));
}

/** A child's call that waits for an answer is shown in the primary list too, a moment later. */
export function crossPostUse(run: Run, lane: Lane, call: Call): void {
  if (lane.spec.primary === null) return;
  const copy = { ...callEvent(call), session_thread_id: lane.spec.threadId };
  run.primary.put(copy, lane.clockUs + run.random.int(90_000, 260_000));
}

function callEvent(call: Call): DemoEvent {
  const { input, tool } = call;
  const shared = { id: call.useId, input, name: tool.name, processed_at: "" };
  if (tool.kind === "custom") return { ...shared, type: "agent.custom_tool_use" };
  const judged = {
    ...shared,
    evaluated_permission: call.permission,
    evaluation: call.evaluation,
  };
  if (tool.server === null) return { ...judged, type: "agent.tool_use" };
  return { ...judged, mcp_server_name: tool.server, type: "agent.mcp_tool_use" };
}

export type Answer = { content: { text: string; type: "text" }[]; failed: boolean };

/** What the tool answers; longer now and then, up to some 20,000 characters. */
export function answerOf(run: Run, call: Call): Answer {
  const { random, facts } = run;
  const { tool } = call;
  const failed = random.chance(Math.min(0.5, tool.errorRate * run.version.spec.toolErrors));
  const text = failed
    ? fill(random.pick(tool.errors), random, facts)
    : tool.output(random, facts, Math.min(20_000, random.logNormal(tool.chars, 0.75)));
  return { content: [{ text, type: "text" }], failed };
}

/** The platform's own answer to a call that was not allowed to run. */
export function refusalOf(call: Call, denyMessage: string | null): Answer {
  const text =
    denyMessage ?? `Permission to use ${call.tool.name} was denied: the call was judged high risk.`;
  return { content: [{ text, type: "text" }], failed: true };
}

/** The result of a tool the platform runs itself. */
export function emitResult(run: Run, lane: Lane, call: Call, answer: Answer): Entry {
  const shared = {
    content: answer.content,
    id: lane.id(),
    is_error: answer.failed,
    processed_at: "",
  };
  addText(lane.spec.context, answer.content[0]?.text.length ?? 0);
  const entry = lane.emit(
    call.tool.server === null
      ? { ...shared, tool_use_id: call.useId, type: "agent.tool_result" }
      : { ...shared, mcp_tool_use_id: call.useId, type: "agent.mcp_tool_result" },
  );
  if (call.tool.name === "web_search" && !answer.failed) run.searches.push({ entry, lane });
  return entry;
}
