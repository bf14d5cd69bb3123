import type { SoupItem } from "./event-soup";
import * as e from "./events";

/** In every place of these events where somebody or something said something. */
export const MARKER = "mrkr7q";
const text = (what: string) => `${what} ${MARKER}`;
const blocks = (what: string) => [{ type: "text", text: text(what) }];

const SAID = { input: { command: text("cat"), [text("key")]: 1 }, content: blocks("out") };

/** A session that failed, with content in all its fields. */
export const failedSession = (id: string): SoupItem[] => [
  e.session({ id, title: text("Refund for Jane"), metadata: { team: "support" } }),
  e.message(0, text("please")),
  e.running(0),
  ...e.request("r1", 1, [100, 10]),
  e.event("agent.thinking", 2, { content: blocks("hmm") }),
  e.event("agent.message", 2.5, { content: blocks("I will") }),
  e.use("t1", 3, { input: SAID.input, evaluated_permission: "ask" }),
  e.confirm("t1", 4, "deny", { deny_message: text("no, not that") }),
  e.result("t1", 5, { is_error: true, content: blocks("denied") }),
  e.use("t2", 6, { input: SAID.input }),
  e.result("t2", 7, { is_error: true, content: blocks("No such file") }),
  e.mcpUse("t3", 8, { input: SAID.input }),
  e.mcpResult("t3", 9, { is_error: true, content: blocks("Issue gone") }),
  e.customUse("t4", 10, { input: SAID.input }),
  e.customResult("t4", 11, { content: blocks("found") }),
  e.error(12, "retrying", "model_overloaded_error", text("Overloaded while reading")),
  e.event("workflow_run.created", 12.5, {
    workflow_run_id: "wrun_1",
    name: text("refund"),
    phases: [{ id: "wrph_1", name: text("weigh") }],
  }),
  e.event("workflow_run.phase_started", 12.6, {
    ...{ id: "p1", workflow_run_id: "wrun_1", workflow_run_phase_id: "wrph_1" },
  }),
  e.event("workflow_run.phase_ended", 12.8, {
    ...{ phase_started_id: "p1", workflow_run_id: "wrun_1", workflow_run_phase_id: "wrph_1" },
  }),
  e.event("workflow_run.error", 13, {
    error: { type: "program_error", message: text("line 3 of") },
  }),
  e.event("agent.thread_message_sent", 14, {
    to_session_thread_id: e.CHILD,
    to_agent_name: "helper",
    content: blocks("to helper"),
  }),
  e.evaluationStart("o1", 15),
  e.evaluationEnd("o1", 16, "failed", { explanation: text("it misses") }),
  e.error(17, "exhausted", "unknown_error", text("Lost")),
  e.usage(17.5, { list_cost: e.cents("50") }),
  e.idle(18, "retries_exhausted"),
];

/** One that the model refused. */
export const refusedSession = (id: string): SoupItem[] => [
  e.session({ id, title: text("Ask for") }),
  e.message(0, text("please")),
  e.running(0),
  e.idle(1, "refusal", {
    stop_details: { type: "refusal", category: "cyber", explanation: text("I will not") },
  }),
];

/** One that waits for somebody's word. */
export const waitingSession = (id: string): SoupItem[] => [
  e.session({ id, title: text("Waits for") }),
  e.running(0),
  e.use("t1", 3, { input: SAID.input, evaluated_permission: "ask" }),
  e.asks(4, "t1"),
];

/** One that is at work. */
export const runningSession = (id: string): SoupItem[] => [
  e.session({ id, title: text("Works on") }),
  e.running(0),
];
