import { describe, expect, it } from "vitest";
import { KNOWN_TYPES } from "@/lib/ingest/event-types";
import {
  CATEGORIES,
  categoryOf,
  errorWords,
  eventSummary,
  inputLine,
  listWords,
  retryWords,
  stopWords,
  typesOf,
} from "@/lib/sessions/event-words";

describe("categories", () => {
  it("hold every known type exactly once", () => {
    const types = typesOf([...CATEGORIES]);
    expect([...types].sort()).toEqual([...KNOWN_TYPES].sort());
    for (const type of KNOWN_TYPES) expect(categoryOf(type)).not.toBe("other");
    expect(categoryOf("from.the.future")).toBe("other");
  });

  it("show an approval with the question it answers", () => {
    expect(typesOf(["approvals"])).toEqual([
      "user.tool_confirmation",
      "agent.tool_use",
      "agent.mcp_tool_use",
    ]);
    expect(typesOf(["errors"])).toEqual(["session.error", "workflow_run.error"]);
    expect(typesOf([])).toEqual([]);
  });
});

describe("words", () => {
  it.each([
    [[], ""],
    [["a"], "a"],
    [["a", "b"], "a and b"],
    [["a", "b", "c"], "a, b and c"],
    [["a", "b", "c", "d"], "a, b and 2 more"],
    [["a", "a", "b"], "a ×2 and b"],
  ])("%j reads %j", (names, words) => {
    expect(listWords(names)).toBe(words);
  });

  it.each([
    [{ type: "end_turn" }, [], "end of turn"],
    [{ type: "requires_action" }, [], "waiting for an answer"],
    [{ type: "requires_action" }, ["bash"], "waiting for bash"],
    [{ type: "brand_new" }, [], "brand new"],
    [null, [], "idle"],
  ])("%j %j reads %s", (reason, names, words) => {
    expect(stopWords(reason, names)).toBe(words);
  });

  it("names errors and what becomes of them", () => {
    expect(errorWords("model_overloaded_error")).toBe("model overloaded");
    expect(retryWords("exhausted")).toBe("retries exhausted: the turn is over");
    expect(retryWords("some_new")).toBe("some new");
    expect(retryWords(null)).toBe("");
  });

  it("puts a tool's input in one line by its telling member", () => {
    expect(inputLine({ command: "ls\n-la", x: 1 }, 50)).toBe("ls -la");
    expect(inputLine({ a: 1 }, 50)).toBe('{"a":1}');
    expect(inputLine({}, 50)).toBe("");
    expect(inputLine(null, 50)).toBe("");
    expect(inputLine([1], 50)).toBe("[1]");
  });
});

describe("summaries", () => {
  it.each([
    ["user.message", { content: [{ type: "text", text: "Order  chairs" }] }, "Order chairs"],
    ["agent.tool_use", { name: "bash", input: { command: "ls" } }, "bash ls"],
    ["agent.tool_result", { is_error: true, content: "no such file" }, "error: no such file"],
    ["user.tool_confirmation", { result: "deny", deny_message: "too risky" }, "deny: too risky"],
    [
      "session.error",
      {
        error: {
          type: "model_overloaded_error",
          message: "busy",
          retry_status: { type: "retrying" },
        },
      },
      "model overloaded · busy · the platform tries again",
    ],
    [
      "span.model_request_end",
      { model_usage: { input_tokens: 3175, output_tokens: 320, cache_read_input_tokens: 0 } },
      "3,175 in · 320 out",
    ],
    [
      "session.usage",
      { usage: { input_tokens: 10, list_cost: { amount: "187", currency: "USD" } } },
      "so far · list $1.87 · 10 in",
    ],
    [
      "session.status_idle",
      { stop_reason: { type: "requires_action", event_ids: ["a", "b"] } },
      "waiting for an answer (2 calls)",
    ],
    ["agent.thread_message_sent", { to_agent_name: "drafter", content: "go" }, "to drafter: go"],
    ["agent.thread_message_received", { content: "done" }, "from another thread: done"],
    ["span.outcome_evaluation_end", { result: "failed", explanation: "no" }, "failed: no"],
    ["from.the.future", { anything: 1 }, ""],
  ])("%s", (type, event, expected) => {
    expect(eventSummary(type, event)).toBe(expected);
  });

  it("survive any JSON", () => {
    for (const type of KNOWN_TYPES) {
      for (const junk of [null, 7, "x", [], [null], {}]) {
        const event = {
          content: junk,
          error: junk,
          usage: junk,
          model_usage: junk,
          input: junk,
          name: junk,
        };
        expect(typeof eventSummary(type, { ...event, stop_reason: junk })).toBe("string");
      }
    }
  });
});
