import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decodeCursor, encodeCursor } from "@/lib/http/cursor";
import { AppError } from "@/lib/http/errors";
import { EventsCursor, RejectedCursor, SessionsCursor, SpansCursor } from "@/lib/sessions/cursor";
import { instantFromJson, microsOf, normalInstant } from "@/lib/sessions/instant";
import { isoFromMicros, microsFromIso } from "@/lib/time/micros";

const AT = "2026-11-20T10:00:00.000001Z";
const thrown = (work: () => unknown) => {
  try {
    work();
  } catch (error) {
    return error;
  }
};

describe("cursors", () => {
  it.each([
    [SessionsCursor, { s: "cost", o: "desc", v: "-12", i: "sesn_ü", c: "" }],
    [SessionsCursor, { s: "started_at", o: "asc", v: AT, i: "a", c: "conn_1" }],
    [SessionsCursor, { s: "settled_at", o: "asc", v: null, i: "a", c: "" }],
    [EventsCursor, { k: [AT, -3, "", "sevt_1"], o: "asc", d: "prev" }],
    [EventsCursor, { k: [null, 0, "sthr_1", "sevt_1"], o: "desc", d: "next" }],
    [SpansCursor, { k: [AT, "x:turn"], o: "asc" }],
    [RejectedCursor, [AT, "4f6d0c2e-1c2b-4d3e-8f4a-5b6c7d8e9f00"]],
  ])("come back as they went", (schema, place) => {
    const text = encodeCursor(place);
    expect(text).toMatch(/^[\w-]+$/);
    expect(decodeCursor(schema, text)).toEqual(place);
  });

  it.each([
    "",
    "x",
    "e30",
    "W10",
    "bnVsbA",
    encodeCursor({ s: "cost", o: "desc", v: "1; drop", i: "a", c: "" }),
    encodeCursor({ s: "cost", o: "up", v: "1", i: "a", c: "" }),
    encodeCursor({ s: "cost", o: "desc", v: 1, i: "a", c: "" }),
    encodeCursor({ s: "cost", o: "desc", v: "1", i: "a\u0000", c: "" }),
    encodeCursor({ s: "cost", o: "desc", v: "1".repeat(20), i: "a", c: "" }),
    encodeCursor({ s: "started_at", o: "desc", v: "0000-01-01T00:00:00.000000Z", i: "a", c: "" }),
    encodeCursor({ s: "started_at", o: "desc", v: "2026-02-30T00:00:00.000000Z", i: "a", c: "" }),
    encodeCursor({ s: "cost", o: "desc", v: "1", i: "a".repeat(257), c: "" }),
  ])("are refused by name when they are not ours: %s", (text) => {
    const error = thrown(() => decodeCursor(SessionsCursor, text));
    expect(error).toBeInstanceOf(AppError);
    expect(error).toMatchObject({ code: "invalid", issues: [{ path: "cursor" }] });
  });

  it("never bring anything else down", () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.json().map((json) => encodeCursor(json)),
        ),
        (text) => {
          expect(thrown(() => decodeCursor(EventsCursor, text))).toBeInstanceOf(AppError);
        },
      ),
    );
  });
});

it.each([
  ["2026-11-20T10:00:00Z", "2026-11-20T10:00:00.000000Z"],
  ["2026-11-20T10:00:00.123456789Z", "2026-11-20T10:00:00.123456Z"],
  ["2026-11-20T10:00:00+02:00", "2026-11-20T08:00:00.000000Z"],
  ["1900-01-01T00:00:00Z", "1900-01-01T00:00:00.000000Z"],
  ["1899-12-31T23:59:59Z", null],
  ["2201-01-01T00:00:00Z", null],
  ["2026-02-29T00:00:00Z", null],
  ["2026-11-20T10:00:00+24:00", null],
  ["2026-11-20T10:00:00+02:60", null],
  ["2026-11-20", null],
  ["now", null],
  ["", null],
])("normalInstant(%j) is %j", (text, expected) => {
  expect(normalInstant(text)).toBe(expected);
});

it("reads micros as the careful reader does", () => {
  const us = fc.integer({ min: Date.UTC(1900, 0, 1) * 1000, max: Date.UTC(2200, 0, 1) * 1000 });
  fc.assert(
    fc.property(fc.array(us), (times) => {
      const texts = times.map(isoFromMicros);
      expect(texts.map(microsOf)).toEqual(texts.map(microsFromIso));
    }),
  );
});

it.each([
  ["2026-11-20T10:00:00", "2026-11-20T10:00:00.000000Z"],
  ["2026-11-20T10:00:00.1", "2026-11-20T10:00:00.100000Z"],
  ["2026-11-20T10:00:00.000001", "2026-11-20T10:00:00.000001Z"],
])("instantFromJson(%j) is %j", (text, expected) => {
  expect(instantFromJson(text)).toBe(expected);
});
