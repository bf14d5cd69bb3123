import { describe, expect, test } from "vitest";
import type { JsonObject } from "@/lib/ingest/schema";
import type { SoupItem } from "@/tests/support/event-soup";
import {
  CHILD,
  confirm,
  customResult,
  customUse,
  error,
  hostedResult,
  inThread,
  mcpResult,
  mcpUse,
  result,
  running,
  usAt,
  use,
} from "@/tests/support/events";
import { fold } from "@/tests/support/folding";

type Row = [name: string, items: SoupItem[], span: JsonObject, row: JsonObject];

/** As the session's own list shows a child's event: marked, later, and under an id of its own if given. */
function copyOf(item: SoupItem, seconds: number | null, id?: string): SoupItem {
  const data = item.data as JsonObject;
  const processed_at = seconds === null ? undefined : new Date(usAt(seconds) / 1000).toISOString();
  return {
    ...item,
    data: { ...data, session_thread_id: CHILD, processed_at, ...(id ? { id } : {}) },
  };
}

const counts = (tool_calls: number, tool_errors = 0, tool_denials = 0) => ({
  tool_calls,
  tool_errors,
  tool_denials,
});
const took = (from: number, to: number | null) => ({
  startedUs: usAt(from),
  endedUs: to === null ? null : usAt(to),
});

describe("calls and their results (reference §5.3)", () => {
  const rows: Row[] = [
    [
      "built-in",
      [use("a", 1), result("a", 3)],
      { ...took(1, 3), name: "bash", state: "ok", startEventId: "a", threadId: "" },
      counts(1),
    ],
    [
      "built-in, sizes and permission",
      [
        use("a", 1, { evaluated_permission: "allow", evaluation: { type: "always_allow" } }),
        result("a", 3, { content: [] }),
      ],
      {
        attributes: {
          tool_kind: "builtin",
          permission: "allow",
          evaluation: "always_allow",
          input_bytes: '{"command":"ls"}'.length,
          result_bytes: "[]".length,
        },
      },
      counts(1),
    ],
    [
      "MCP",
      [mcpUse("a", 1), mcpResult("a", 3)],
      { name: "list_issues", attributes: { tool_kind: "mcp", mcp_server: "github" } },
      { ...counts(1), tools: ["list_issues"] },
    ],
    [
      "custom",
      [customUse("a", 1), customResult("a", 3)],
      { ...took(1, 3), name: "lookup", attributes: { tool_kind: "custom" } },
      counts(1),
    ],
    [
      "in a self-hosted environment the customer's side answers",
      [use("a", 1), hostedResult("a", 3)],
      { ...took(1, 3), state: "ok", endEventId: "a.user.tool_result" },
      counts(1),
    ],
    [
      "an error",
      [use("a", 1), result("a", 3, { is_error: true })],
      { state: "error" },
      counts(1, 1),
    ],
    ["no result", [use("a", 1)], { ...took(1, null), state: "open" }, counts(1)],
    [
      "a result whose call is not here is no call, and no error of one",
      [result("a", 3, { is_error: true })],
      { startedUs: null, endedUs: usAt(3) },
      { ...counts(0), tools: [] },
    ],
    [
      "a name like an inherited member is a name",
      [use("a", 1, { name: "constructor" }), use("b", 2, { name: "toString" })],
      { name: "constructor" },
      { ...counts(2), tools: ["constructor", "toString"] },
    ],
  ];
  test.each(rows)("%s", (_, items, span, row) => {
    const folded = fold(running(0), ...items);
    expect(folded.spans.a).toMatchObject({ kind: "tool", ...span });
    expect(folded.row).toMatchObject(row);
  });

  test("an error type like an inherited member is counted like any other", () => {
    const { row } = fold(
      running(0),
      error(1, "retrying", "constructor", "first"),
      error(2, "retrying", "constructor", "second"),
    );
    expect(row.errors).toEqual([{ type: "constructor", count: 2, last_message: "second" }]);
  });
});

describe("approvals", () => {
  const ask = (id: string, seconds: number) => use(id, seconds, { evaluated_permission: "ask" });
  type ApprovalRow = [
    name: string,
    items: SoupItem[],
    approval: JsonObject,
    tool: JsonObject,
    row: JsonObject,
  ];
  const rows: ApprovalRow[] = [
    [
      "asked, not answered",
      [ask("a", 1)],
      { ...took(1, null), state: "open", name: "bash", attributes: { who: "human" } },
      { state: "open" },
      counts(1),
    ],
    [
      "allowed: the wait and the execution stand apart",
      [ask("a", 1), confirm("a", 31), result("a", 33)],
      { ...took(1, 31), state: "ok", attributes: { tool_use_id: "a", result: "allow" } },
      { ...took(1, 33), state: "ok" },
      counts(1),
    ],
    [
      "denied by a human; the synthetic error result is no tool error",
      [
        ask("a", 1),
        confirm("a", 31, "deny", { deny_message: "Not on Friday." }),
        result("a", 32, { is_error: true }),
      ],
      {
        ...took(1, 31),
        state: "denied",
        attributes: { result: "deny", deny_message: "Not on Friday." },
      },
      { state: "denied", attributes: { denied_by: "human" } },
      counts(1, 0, 1),
    ],
    [
      "of an MCP call",
      [mcpUse("a", 1, { evaluated_permission: "ask" }), confirm("a", 5), mcpResult("a", 6)],
      { ...took(1, 5), state: "ok", name: "list_issues" },
      { state: "ok" },
      counts(1),
    ],
    [
      "queued, then applied",
      [ask("a", 1), confirm("a", null), confirm("a", 9)],
      { ...took(1, 9), state: "ok" },
      { state: "open" },
      counts(1),
    ],
  ];
  test.each(rows)("%s", (_, items, approval, tool, row) => {
    const folded = fold(running(0), ...items);
    expect(folded.spans["a:approval"]).toMatchObject({ kind: "approval", ...approval });
    expect(folded.spans.a).toMatchObject(tool);
    expect(folded.row).toMatchObject(row);
  });

  // Which of the two came first must not show: only the one that stands says whether somebody was asked.
  test.each([
    ["the child's own says that nobody was asked", "allow", "ask", undefined],
    ["the child's own says that somebody was", "ask", "allow", { kind: "approval", state: "open" }],
  ])("a copy that differs: %s", (_, own, copy, approval) => {
    const items = [
      use("a", 1, { evaluated_permission: copy, session_thread_id: CHILD }),
      ...inThread(CHILD, use("a", 1, { evaluated_permission: own })),
    ];
    const stands = fold(running(0), ...items).spans["a:approval"];
    if (approval) expect(stands).toMatchObject(approval);
    else expect(stands).toBeUndefined();
    const answered = fold(running(0), ...items, confirm("a", 5));
    expect(answered.spans["a:approval"]).toMatchObject({ ...took(1, 5), state: "ok" });
  });

  test("denied by the policy: nobody was asked, and the synthetic error result is no tool error", () => {
    const folded = fold(
      running(0),
      use("a", 1, {
        evaluated_permission: "deny",
        evaluation: { type: "auto", permission: "deny", reason_code: "high_risk" },
      }),
      result("a", 1.1, { is_error: true }),
    );
    expect(folded.spans["a:approval"]).toBeUndefined();
    expect(folded.spans.a).toMatchObject({
      state: "denied",
      attributes: { denied_by: "policy", permission: "deny", evaluation: "auto" },
    });
    expect(folded.row).toMatchObject(counts(1, 0, 1));
  });
});

describe("copies of a child's events in the session's list", () => {
  const own = (...items: SoupItem[]) => inThread(CHILD, ...items);

  test("the copy alone stands for the call, and says so", () => {
    const { row, spans } = fold(
      running(0),
      copyOf(customUse("a", 1), 2),
      copyOf(customResult("a", 4), 5),
    );
    expect(spans.a).toMatchObject({
      ...took(2, 5),
      threadId: CHILD,
      attributes: { cross_posted: true },
    });
    expect(row).toMatchObject({ ...counts(1), threads: 2 });
  });

  test("with the same id: the child's own stands, counted once", () => {
    const { row, spans } = fold(
      running(0),
      copyOf(customUse("a", 1), 2),
      ...own(customUse("a", 1), customResult("a", 4)),
    );
    expect(spans.a).toMatchObject({ ...took(1, 4), threadId: CHILD });
    expect(spans.a?.attributes).not.toHaveProperty("cross_posted");
    expect(row).toMatchObject({ ...counts(1), threads: 2, events: 4 });
  });

  test("with other ids: results are matched by the call they answer", () => {
    const { row, spans } = fold(
      running(0),
      ...own(customUse("a", 1), customResult("a", 4, { id: "own", is_error: true })),
      copyOf(customResult("a", 4, { is_error: true }), null, "copy"),
      copyOf(customResult("a", 4, { is_error: true }), 5, "later copy"),
    );
    expect(spans.a).toMatchObject({ ...took(1, 4), endEventId: "own", state: "error" });
    expect(row).toMatchObject(counts(1, 1));
  });

  test("with other ids: confirmations too", () => {
    const ask = use("a", 1, { evaluated_permission: "ask" });
    const { row, spans } = fold(
      running(0),
      ...own(ask, confirm("a", 6, "deny", { id: "own" })),
      copyOf(ask, 1.5),
      copyOf(confirm("a", 6, "deny"), 7, "copy"),
    );
    expect(spans["a:approval"]).toMatchObject({
      ...took(1, 6),
      threadId: CHILD,
      endEventId: "own",
    });
    expect(row).toMatchObject(counts(1, 0, 1));
  });
});
