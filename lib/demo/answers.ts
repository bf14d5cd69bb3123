import { DAY_US, MILLI_US, SECOND_US } from "@/lib/demo/calendar";
import {
  type Answer,
  answerOf,
  type Call,
  crossPostUse,
  emitResult,
  refusalOf,
} from "@/lib/demo/calls";
import { addText } from "@/lib/demo/context";
import type { Lane } from "@/lib/demo/lane";
import type { Run } from "@/lib/demo/run";
import type { DemoEvent } from "@/lib/demo/schema";
import { fill } from "@/lib/demo/text";

const DENIALS = [
  "Not during the freeze. Ask again on Monday.",
  "Wrong region, use {region} only.",
  "The amount is above my limit; {person} has to approve it.",
  "Please show me the plan first.",
];

/**
 * Lets every call of one model request be answered: the platform's own at once and in parallel; then
 * the thread waits for people and for the customer's application, and runs on after the last answer.
 */
export function settleCalls(run: Run, lane: Lane, calls: readonly Call[]): void {
  const own = calls.filter((call) => !needsOutside(run, call));
  const outside = calls.filter((call) => needsOutside(run, call));
  settleOwn(run, lane, own);
  if (outside.length > 0) settleOutside(run, lane, outside);
}

function needsOutside(run: Run, call: Call): boolean {
  if (call.permission === "deny") return false;
  if (call.tool.kind === "custom" || call.permission === "ask") return true;
  return selfHosted(run, call);
}

/** In a self-hosted environment the customer's workers run the built-in tools. */
function selfHosted(run: Run, call: Call): boolean {
  return run.environment.spec.networking === null && call.tool.kind === "builtin";
}

function runTimeUs(run: Run, call: Call): number {
  const us = run.random.logNormal(call.tool.latencyMs * MILLI_US, call.tool.spread);
  return Math.min(300 * SECOND_US, us);
}

function settleOwn(run: Run, lane: Lane, calls: readonly Call[]): void {
  const sinceUs = lane.clockUs;
  const finished = calls.map((call) => {
    const denied = call.permission === "deny";
    const answer = denied ? refusalOf(call, null) : answerOf(run, call);
    return { call, answer, us: denied ? run.random.int(900, 9_000) : runTimeUs(run, call) };
  });
  for (const { call, answer, us } of finished.sort((a, b) => a.us - b.us)) {
    lane.clockUs = Math.max(lane.clockUs, Math.round(sinceUs + us));
    emitResult(run, lane, call, answer);
  }
}

function settleOutside(run: Run, lane: Lane, calls: readonly Call[]): void {
  lane.advance(run.random.int(50_000, 140_000));
  for (const call of calls) crossPostUse(run, lane, call);
  const event_ids = calls.map((call) => call.useId);
  lane.stop({ kind: "idle", reason: { event_ids, type: "requires_action" }, details: null });
  const sinceUs = lane.clockUs;
  const answered = calls.map((call) => ({ call, atUs: sinceUs + waitUs(run, call) }));
  const later: { call: Call; answer: Answer }[] = [];
  for (const { call, atUs } of answered.sort((a, b) => a.atUs - b.atUs)) {
    lane.clockUs = Math.max(lane.clockUs + 1, Math.round(atUs));
    if (call.permission === "ask") {
      const answer = confirm(run, lane, call);
      if (!selfHosted(run, call) || !call.allowed) {
        later.push({ call, answer });
        continue;
      }
      lane.advance(runTimeUs(run, call));
    }
    emitOutside(run, lane, call);
  }
  lane.advance(run.random.int(50_000, 110_000));
  lane.start();
  for (const { call, answer } of later) {
    lane.advance(call.allowed ? runTimeUs(run, call) : run.random.int(2_000, 9_000));
    emitResult(run, lane, call, answer);
  }
}

function waitUs(run: Run, call: Call): number {
  const { flags } = run.plan;
  if (call.permission !== "ask") {
    return flags.has("stuck_custom") ? 2 * DAY_US : runTimeUs(run, call) + 60 * MILLI_US;
  }
  if (flags.has("stuck_ask")) return 2 * DAY_US;
  // Half of the approvals come within a minute or two, some after hours.
  return Math.min(9 * 3_600 * SECOND_US, run.random.logNormal(85 * SECOND_US, 1.7));
}

function confirm(run: Run, lane: Lane, call: Call): Answer {
  const denial = fill(run.random.pick(DENIALS), run.random, run.facts);
  const event = {
    id: lane.id(),
    processed_at: "",
    tool_use_id: call.useId,
    type: "user.tool_confirmation",
    ...(call.allowed
      ? { result: "allow" as const }
      : { deny_message: denial, result: "deny" as const }),
  } as const;
  emitInput(run, lane, event, {});
  return call.allowed ? answerOf(run, call) : refusalOf(call, denial);
}

/** The answer of the customer's application or worker. */
function emitOutside(run: Run, lane: Lane, call: Call): void {
  const answer = answerOf(run, call);
  addText(lane.spec.context, answer.content[0]?.text.length ?? 0);
  const shared = {
    content: answer.content,
    id: lane.id(),
    is_error: answer.failed,
    processed_at: "",
  };
  const event: DemoEvent =
    call.tool.kind === "custom"
      ? { ...shared, custom_tool_use_id: call.useId, type: "user.custom_tool_result" }
      : { ...shared, tool_use_id: call.useId, type: "user.tool_result" };
  emitInput(run, lane, event, { timelessCopy: true });
}

/** An answer to a child stands in the primary list as well, under an id of its own. */
function emitInput(
  run: Run,
  lane: Lane,
  event: DemoEvent,
  options: { timelessCopy?: boolean },
): void {
  lane.emit(event, { sentUs: lane.clockUs });
  if (lane.spec.primary === null) return;
  const copy = { ...event, id: lane.id(), session_thread_id: lane.spec.threadId };
  run.primary.put(copy, lane.clockUs - 40 * MILLI_US, {
    timeless: options.timelessCopy ?? false,
  });
}
