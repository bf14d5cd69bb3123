import { beforeAll, describe, expect, it } from "vitest";
import { simulateFleet } from "@/lib/demo/simulate";
import { Sightings } from "@/tests/unit/demo/sightings";

const NOW_US = Date.UTC(2026, 10, 20, 15, 20) * 1_000;

/** Every persisted type of the API's catalogue, and one that a later version of it might have. */
const EVENT_TYPES = `
user.message user.interrupt user.tool_confirmation user.custom_tool_result user.tool_result
user.define_outcome system.message agent.message agent.thinking agent.tool_use agent.tool_result
agent.mcp_tool_use agent.mcp_tool_result agent.custom_tool_use agent.thread_context_compacted
agent.thread_message_sent agent.thread_message_received session.status_running session.status_idle
session.status_rescheduled session.status_terminated session.deleted session.updated session.error
session.usage session.thread_created session.thread_status_running session.thread_status_idle
session.thread_status_rescheduled session.thread_status_terminated span.model_request_start
span.model_request_end span.outcome_evaluation_start span.outcome_evaluation_ongoing
span.outcome_evaluation_end workflow_run.created workflow_run.status_running workflow_run.status_idle
workflow_run.status_ended workflow_run.error workflow_run.phase_started workflow_run.phase_ended
agent.memory_recalled`;

const ERROR_TYPES = `
model_overloaded_error model_rate_limited_error model_request_failed_error
mcp_connection_failed_error mcp_authentication_failed_error credential_host_unreachable_error
billing_error tool_use_limit_reached_error compaction_limit_reached_error
repository_authentication_error repository_forbidden_error repository_not_found_error
repository_checkout_error repository_clone_error unknown_error`;

const words = (text: string) => text.trim().split(/\s+/).sort();

const sightings = new Sightings();
const all = (kind: string) => sightings.all(kind);
const times = (kind: string, value: string) => sightings.times(kind, value);

describe("what occurs in 2,000 simulated sessions", () => {
  beforeAll(() => {
    for (const demo of simulateFleet({ seed: "all", days: 30, sessions: 2_000, nowUs: NOW_US })) {
      sightings.watch(demo);
    }
  }, 120_000);

  it("every event type", () => {
    expect(all("type")).toEqual(words(EVENT_TYPES));
  });

  it("every outcome", () => {
    expect(all("outcome")).toEqual(
      words(`running waiting completed outcome_failed retries_exhausted refused terminated
        interrupted budget_paused new`),
    );
    for (const outcome of all("outcome")) expect(times("outcome", outcome)).toBeGreaterThan(1);
  });

  it("every session status, of threads too", () => {
    const statuses = ["idle", "rescheduling", "running", "terminated"];
    expect(all("status")).toEqual(statuses);
    expect(all("thread status")).toEqual(statuses);
  });

  it("every error type, retried, exhausted and terminal", () => {
    expect(all("error")).toEqual(words(ERROR_TYPES));
    expect(all("retry")).toEqual(["exhausted", "retrying", "terminal"]);
  });

  it("every stop reason, the refusals with their category", () => {
    expect(all("stop")).toEqual(
      words("budget_reached end_turn refusal requires_action retries_exhausted"),
    );
    expect(all("refusal")).toContain("cyber");
  });

  it("threads of every sort", () => {
    expect(all("thread")).toEqual(["advisor", "child", "inline", "primary"]);
    expect(all("children").map(Number)).toEqual(expect.arrayContaining([1, 2, 3, 4]));
  });

  it("permissions judged in every way, and answers of people", () => {
    expect(all("permission")).toEqual([
      "always_allow allow",
      "always_ask ask",
      "auto allow",
      "auto ask",
      "auto deny",
    ]);
    expect(all("confirmation")).toEqual(["allow", "deny with message"]);
    expect(all("cross-posted")).toEqual(
      expect.arrayContaining([
        "agent.tool_use",
        "agent.custom_tool_use",
        "user.custom_tool_result",
      ]),
    );
  });

  it("every verdict of a grader and every end of a workflow run", () => {
    expect(all("verdict")).toEqual(
      words("failed interrupted max_iterations_reached needs_revision satisfied"),
    );
    expect(all("evaluation start")).toEqual(["known", "none"]);
    expect(all("workflow end")).toEqual(["completed", "error", "stopped"]);
  });

  it("inputs with blocks of every sort, without a time, and queued", () => {
    expect(all("block")).toEqual(["document", "image", "redacted", "text"]);
    expect(times("time", "absent")).toBeGreaterThan(3);
    expect(times("time", "null")).toBeGreaterThan(0);
  });

  it("unknown ends, parallel calls, tool errors, searches, budgets and archived sessions", () => {
    expect(all("request error")).toEqual(["false", "null", "true"]);
    expect(times("result", "failed")).toBeGreaterThan(100);
    expect(times("session", "searches")).toBeGreaterThan(50);
    expect(times("session", "deployed")).toBeGreaterThan(100);
    expect(times("session", "archived")).toBeGreaterThan(20);
    expect(times("session", "2,000 events")).toBeGreaterThan(0);
    expect(times("session", "parallel calls")).toBeGreaterThan(100);
  });

  it("cache writes of both lifetimes, reads, and prompts written again after a pause", () => {
    expect(times("cache", "5m")).toBeGreaterThan(100);
    expect(times("cache", "1h")).toBeGreaterThan(100);
    expect(times("cache", "both")).toBeGreaterThan(100);
    expect(times("cache", "expired")).toBeGreaterThan(20);
    expect(times("cache", "kept")).toBeGreaterThan(1_000);
  });
});
