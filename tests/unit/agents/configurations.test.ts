import { describe, expect, test } from "vitest";
import { catalogueRows } from "@/lib/agents/catalogue";
import { effortOf, modelOf, ownConfiguration } from "@/lib/agents/configurations";
import { NO_FIGURES } from "@/lib/agents/figures";
import { AgentItem } from "@/lib/fleet/schema";

const ran = (hash: string, sessions: number, config: object = {}) => ({
  ...{ hash, sessions },
  config: { model: { id: "claude-sonnet-5" }, system: "Be brief.", ...config },
});
const opus = { model: { id: "claude-opus-5" } };
const unknown = { config: null, release: null };

describe("which configuration is a version's own", () => {
  test("the only one, and nothing is told of how it is known", () => {
    expect(ownConfiguration([ran("a", 3)], unknown)).toMatchObject({
      ...{ hashes: ["a"], overrides: [], by: null },
      config: { system: "Be brief." },
    });
  });

  test("that of most sessions, where nobody published it here", () => {
    const own = ownConfiguration([ran("a", 3, opus), ran("b", 9)], unknown);
    expect(own).toMatchObject({ hashes: ["b"], overrides: ["a"], by: "most_used" });
  });

  test("the published one, however few sessions ran it", () => {
    const both = [ran("a", 90, opus), ran("b", 1)];
    const config = ran("", 0).config;
    const told = { hashes: ["b"], overrides: ["a"], by: "published" };
    expect(ownConfiguration(both, { config, release: null })).toMatchObject(told);
    const release = { model: "claude-sonnet-5", systemChars: 9 };
    expect(ownConfiguration(both, { config: null, release })).toMatchObject(told);
  });

  test("of most sessions again, where none ran as it was published", () => {
    const release = { model: "claude-haiku-5", systemChars: 9 };
    expect(
      ownConfiguration([ran("a", 2), ran("b", 1, opus)], { config: null, release }),
    ).toMatchObject({ hashes: ["a"], by: "most_used" });
  });

  test("what a roster was resolved to makes no override", () => {
    const roster = (version: number) => ({
      multiagent: { type: "coordinator", agents: [{ type: "agent", name: "scout", version }] },
    });
    const own = ownConfiguration([ran("a", 2, roster(1)), ran("b", 3, roster(2))], unknown);
    expect(own).toMatchObject({ hashes: ["a", "b"], overrides: [], by: null });
  });

  test("what is published and never ran", () => {
    const config = { model: "claude-sonnet-5" };
    expect(ownConfiguration([], { config, release: null })).toEqual({
      ...{ config, hashes: [], overrides: [], by: null },
    });
  });
});

test.each([
  [{ model: "claude-sonnet-5" }, "claude-sonnet-5", null],
  [{ model: { id: "claude-opus-5", effort: { type: "low" } } }, "claude-opus-5", "low"],
  [{ model: { id: "claude-opus-5", effort: "max" } }, "claude-opus-5", "max"],
  [{ model: null }, null, null],
  [{}, null, null],
])("model and effort of %j", (config, model, effort) => {
  expect([modelOf(config), effortOf(config)]).toEqual([model, effort]);
});

describe("the catalogue", () => {
  const held = (id: string, ids: string[], fields: object = {}) => ({
    ids,
    item: AgentItem.parse({
      ...{ id, connection_id: null, name: id, archived_at: null, advice: null },
      ...{ sessions: 0, failed: 0, settled: 0, cost_nanos: 0, unpriced_tokens: 0 },
      ...{ last_used_at: null, version: "2", model: null, created_at: null, agent_ids: ids },
      ...{ made_for_runs: 0, retirement: null, versions: [], versions_total: 2 },
      ...fields,
    }),
  });
  const figures = (sessions: number, turn_p95_ms: number | null) => ({
    ...NO_FIGURES,
    ...{ sessions, decided: sessions, failed: 1, cost_nanos: 5 * sessions, turn_p95_ms },
  });

  test("adds up what one row stands for, but for what does not add up", () => {
    const known = new Map([
      ["a", figures(3, 70)],
      ["b", figures(4, 90)],
    ]);
    const [row] = catalogueRows([held("a", ["a", "b", "c"])], known, new Map([["b", 2]]));
    expect(row).toMatchObject({
      ...{ id: "a", sessions: 7, failed: 2, decided: 7, cost_nanos: 35, turn_p95_ms: null },
      overridden: 2,
    });
    expect(catalogueRows([held("a", ["a"])], known, new Map())[0]?.turn_p95_ms).toBe(70);
  });

  test("tells an agent once, as the connection has it that used it last", () => {
    const rows = catalogueRows(
      [
        held("a", ["a"], { last_used_at: "2026-11-20T10:00:00Z", version: "1" }),
        held("a", ["a"], { last_used_at: "2026-11-20T11:00:00Z", version: "2" }),
        held("a", ["a"], { last_used_at: null, version: "3" }),
      ],
      new Map([["a", figures(3, 70)]]),
      new Map(),
    );
    expect(rows).toMatchObject([{ version: "2", sessions: 3 }]);
  });
});
