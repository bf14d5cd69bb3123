import { describe, expect, test } from "vitest";
import type { AgentFacts } from "@/lib/fleet/facts";
import { groupAgents, isMadeForOneRun, patternOf } from "@/lib/fleet/orphans";

const at = (minute: number) => new Date(Date.UTC(2026, 10, 20, 10, minute)).toISOString();

const agent = (id: string, fields: Partial<AgentFacts> = {}): AgentFacts => ({
  connectionId: "",
  id,
  name: "report",
  version: "1",
  model: "claude-sonnet-5-5",
  createdAt: at(0),
  archivedAt: null,
  firstUsedAt: at(1),
  lastUsedAt: at(5),
  sessionsEver: 1,
  versionsTotal: 1,
  models: ["claude-sonnet-5-5"],
  newestSessions: 1,
  lastHelpedAt: null,
  sessions: 1,
  failed: 0,
  settled: 1,
  costNanos: 10,
  unpricedTokens: 0,
  ...fields,
});

describe("an agent made for one run", () => {
  test.each<[string, Partial<AgentFacts>, boolean]>([
    ["made, run once, and left", {}, true],
    ["run within the hour", { firstUsedAt: at(60) }, true],
    ["run later", { firstUsedAt: at(61) }, false],
    ["run before it was made", { firstUsedAt: at(-1) }, false],
    ["never run", { firstUsedAt: null, sessionsEver: 0 }, false],
    ["run twice", { sessionsEver: 2 }, false],
    ["improved", { versionsTotal: 2 }, false],
    ["of which nobody knows when it was made", { createdAt: null }, false],
  ])("%s", (_, fields, expected) => {
    expect(isMadeForOneRun(agent("a", fields))).toBe(expected);
  });
});

test.each([
  ["report 2026-11-20 #4f3a9c", "report #-#-# ##"],
  ["Report-12", "report-#"],
  ["run 0fa7c1de-93b1-4c1e-9f0e-6c1f2a3b4c5d", "run #-#-#-#-#"],
  ["facade", "facade"],
])("%s is called like %s", (name, pattern) => {
  expect(patternOf(name)).toBe(pattern);
});

describe("agents as rows", () => {
  test("three alike are one row, with what they came to together", () => {
    const groups = groupAgents([
      agent("a", { name: "report 1", createdAt: at(0), costNanos: 1, failed: 1 }),
      agent("b", { name: "report 3", createdAt: at(2), firstUsedAt: at(3), lastUsedAt: at(9) }),
      agent("c", { name: "report 2", createdAt: at(1), costNanos: 100, models: ["claude-x"] }),
    ]);
    expect(groups).toHaveLength(1);
    expect(groups[0]).toMatchObject({
      madeForRuns: 3,
      agent: {
        id: "b",
        name: "report 3",
        sessions: 3,
        failed: 1,
        costNanos: 111,
        lastUsedAt: at(9),
      },
    });
    expect(groups[0]?.ids).toEqual(["b", "c", "a"]);
    expect(groups[0]?.agent.models).toEqual(["claude-sonnet-5-5", "claude-x"]);
  });

  test("two alike, other names, other connections and agents in use stay for themselves", () => {
    const groups = groupAgents([
      agent("a"),
      agent("b"),
      agent("c", { connectionId: "conn_1" }),
      agent("d", { name: "other" }),
      agent("e", { sessionsEver: 9 }),
    ]);
    expect(groups.map(({ madeForRuns }) => madeForRuns)).toEqual([0, 0, 0, 0, 0]);
    expect(groups.map(({ agent: { id } }) => id).sort()).toEqual(["a", "b", "c", "d", "e"]);
  });
});
