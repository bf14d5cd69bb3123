import { describe, expect, it } from "vitest";
import { countNew, goneRows, mergeRows, rowKey } from "@/components/sessions/merge";
import type { SessionItem, SessionsPage } from "@/lib/sessions/schema";

const row = (id: string, turns = 0): SessionItem => ({
  id,
  connection_id: null,
  title: null,
  agent: { id: null, name: null, version: null },
  environment_id: null,
  deployment_id: null,
  model: null,
  source: "push",
  status: null,
  outcome: "running",
  outcome_detail: null,
  started_at: null,
  settled_at: null,
  last_event_at: null,
  archived_at: null,
  deleted_at: null,
  duration_ms: null,
  active_ms: null,
  waiting_ms: 0,
  turns,
  threads: 1,
  events: 0,
  model_requests: 0,
  tool_calls: 0,
  tool_errors: 0,
  tool_denials: 0,
  errors: [],
  usage: {
    input_tokens: 0,
    cache_write_5m_tokens: 0,
    cache_write_1h_tokens: 0,
    cache_read_tokens: 0,
    output_tokens: 0,
    web_searches: 0,
  },
  cost: {
    computed_nanos: 0,
    tokens_nanos: 0,
    runtime_nanos: 0,
    web_search_nanos: 0,
    unpriced_tokens: 0,
    missing_thread_tokens: 0,
    list_cost_cents: null,
    drift_nanos: null,
    drift_causes: [],
    price_book: "",
  },
  budget_cents: null,
  metadata: {},
  complete_until: null,
  console_url: null,
});
const rows = (ids: string) => [...ids].map((id) => row(id));
const page = (ids: string): SessionsPage => ({ data: rows(ids), next_cursor: null });
const ids = (list: readonly SessionItem[]) => list.map((item) => item.id).join("");

describe("live rows", () => {
  it("take on newer values and keep their places", () => {
    const merged = mergeRows(rows("abc"), [{ data: [row("z"), row("b", 7)], next_cursor: null }]);
    expect(ids(merged)).toBe("abc");
    expect(merged[1]?.turns).toBe(7);
  });

  it("stand once, even when a page boundary moved under them", () => {
    expect(ids(mergeRows(rows("abbc"), []))).toBe("abc");
  });

  it.each([
    ["abc", "abc", false, 0],
    ["abc", "xyabc", false, 2],
    ["", "xy", false, 2],
    ["abc", "xab", true, 1],
    // `d` follows the last known row: not loaded yet, not new
    ["abc", "abcd", true, 0],
    ["abc", "abcd", false, 1],
    ["abc", "uvwxyz", true, 6],
  ])("of %s, the first page %s (more behind: %s) brings %d new", (known, head, more, count) => {
    expect(countNew(rows(known), page(head), more)).toBe(count);
  });

  it.each([
    ["abcde", ["ace"], "bd"],
    ["abcde", ["ab"], ""],
    ["abcde", ["abd", "c"], ""],
    ["abcde", [""], ""],
    ["abcde", ["xyz"], ""],
  ])("of %s, with pages %j, %s match no longer", (known, pages, gone) => {
    const found = goneRows(rows(known), pages.map(page));
    expect([...found].sort()).toEqual([...gone].map((id) => rowKey(row(id))));
  });
});
