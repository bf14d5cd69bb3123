import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { pageOf, type Row } from "@/lib/fleet/order";
import { matches } from "@/lib/fleet/page";
import { FleetQuery } from "@/lib/fleet/schema";
import { FLEET_SORTS, LEVELS } from "@/lib/fleet/words";

const row = (id: string, fields: Partial<Row> = {}): Row => ({
  id,
  connection_id: null,
  name: id,
  advice: null,
  sessions: 0,
  failed: 0,
  settled: 0,
  cost_nanos: 0,
  unpriced_tokens: 0,
  last_used_at: null,
  ...fields,
});
const advised = (id: string, level: (typeof LEVELS)[number], cost_nanos = 0) =>
  row(id, { advice: { level, code: "x", text: "x" }, cost_nanos });
const ids = (rows: Row[], query: object = {}) =>
  pageOf(rows, FleetQuery.parse(query)).data.map(({ id }) => id);

describe("rows stand", () => {
  test("worst first, the dearer first among equals, then by name", () => {
    const rows = [
      row("fine"),
      advised("tidy", "tidy", 900),
      advised("look", "look"),
      advised("act", "act"),
      advised("dear", "act", 5),
      advised("b", "look"),
    ];
    expect(ids(rows)).toEqual(["dear", "act", "b", "look", "tidy", "fine"]);
    expect(ids(rows, { order: "asc" })).toEqual(["fine", "tidy", "b", "look", "dear", "act"]);
  });

  test.each<[string, object, string[]]>([
    ["by name, whatever its case", { sort: "name", order: "asc" }, ["Alpha", "beta", "gamma"]],
    ["by their last use, never last", { sort: "last_used_at" }, ["beta", "gamma", "Alpha"]],
    ["by cost of a session", { sort: "cost_per_session" }, ["gamma", "beta", "Alpha"]],
    ["by the share that failed", { sort: "failed" }, ["beta", "gamma", "Alpha"]],
  ])("%s", (_, query, expected) => {
    const rows = [
      row("beta", {
        sessions: 4,
        cost_nanos: 4,
        failed: 1,
        settled: 2,
        last_used_at: "2026-11-21",
      }),
      row("Alpha"),
      row("gamma", { sessions: 1, cost_nanos: 3, settled: 9, last_used_at: "2026-11-20" }),
    ];
    expect(ids(rows, query)).toEqual(expected);
  });
});

test.each([
  ["tri", true],
  ["TRIAGE agent_A", true],
  ["triage  b", false],
  ["", true],
])("%j is found: %s", (q, found) => {
  expect(matches(row("agent_A", { name: "support-triage" }), q)).toBe(found);
});

const rows = fc.uniqueArray(
  fc.record({
    id: fc.string({ minLength: 1, maxLength: 3 }),
    connection_id: fc.constantFrom(null, "conn_1"),
    cost_nanos: fc.nat(3),
    sessions: fc.nat(2),
    level: fc.constantFrom(null, ...LEVELS),
  }),
  { selector: ({ id, connection_id }) => `${id}@${connection_id}`, maxLength: 30 },
);

test("pages of any size hold every row once, in the order of the whole", () => {
  fc.assert(
    fc.property(
      rows,
      fc.constantFrom(...FLEET_SORTS),
      fc.constantFrom("asc" as const, "desc" as const),
      fc.integer({ min: 1, max: 7 }),
      (given, sort, order, limit) => {
        const all = given.map(({ level, ...fields }) =>
          row(fields.id, {
            ...fields,
            name: null,
            advice: level && { level, code: "x", text: "x" },
          }),
        );
        const whole = pageOf(all, FleetQuery.parse({ sort, order, limit: 200 }));
        const seen: Row[] = [];
        let cursor: string | null = null;
        do {
          const place: object = cursor === null ? {} : { cursor };
          const page = pageOf<Row>(all, FleetQuery.parse({ sort, order, limit, ...place }));
          expect(page.total).toBe(all.length);
          seen.push(...page.data);
          cursor = page.next_cursor;
        } while (cursor !== null);
        expect(seen).toEqual(whole.data);
      },
    ),
  );
});
