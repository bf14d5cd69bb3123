import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { nextTry, pauseOf, retryAfterOf, WAITS_MS } from "@/lib/notify/backoff";
import { clip } from "@/lib/notify/clip";
import { statusError, verdictOf } from "@/lib/notify/outcome";
import { afterSending, closedUntil, freeAt } from "@/lib/notify/pace";
import { combined, remaining, toldBy } from "@/lib/notify/telling";
import { message } from "@/tests/support/notices";
import { BROKEN, text } from "./soup";

const NOW = Date.parse("2026-11-20T10:00:00Z");

describe("back-off", () => {
  const next = (tries: number, random = 0.5, retryAfterMs: number | null = null) => {
    const at = nextTry({ tries, nowMs: NOW, random, retryAfterMs });
    return at === null ? null : at - NOW;
  };
  it("waits longer each time, and ends", () => {
    const waits = [5, 30, 120, 600, 1_800, 3_600, 10_800, 21_600, 43_200].map((s) => s * 1_000);
    expect(WAITS_MS).toEqual([0, ...waits]);
    expect(waits.map((_, at) => next(at + 1))).toEqual(waits);
    expect(next(10)).toBeNull();
  });
  it("is spread by a fifth to either side", () => {
    expect([next(1, 0), next(1, 1)]).toEqual([4_000, 6_000]);
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 9 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (tries, random) => {
          const wait = WAITS_MS[tries] ?? 0;
          expect(Math.abs((next(tries, random) ?? 0) - wait)).toBeLessThanOrEqual(wait / 5 + 1);
        },
      ),
    );
  });
  it("does what the receiver asks for, up to a day", () => {
    expect(next(1, 0, 90_000)).toBe(90_000);
    expect(next(9, 1, 0)).toBe(0);
    expect(next(1, 0, 1e12)).toBe(86_400_000);
    expect(next(10, 0, 90_000)).toBeNull();
  });
  it.each([
    ["120", 120_000],
    ["0.5", 500],
    [" 7 ", 7_000],
    ["Fri, 20 Nov 2026 10:01:00 GMT", 60_000],
    ["Fri, 20 Nov 2026 09:00:00 GMT", 0],
    ["-5", null],
    ["soon", null],
    ["", null],
    [null, null],
  ])("reads Retry-After: %s", (header, ms) => {
    expect(retryAfterOf(header, NOW)).toBe(ms);
  });
  it("leaves one alone that does not answer, for a minute at most", () => {
    expect([1, 2, 3, 4, 5, 6, 100].map(pauseOf)).toEqual(
      [5, 10, 20, 40, 60, 60, 60].map((s) => s * 1_000),
    );
  });
});

it.each([
  [200, "sent"],
  [202, "sent"],
  [204, "sent"],
  [301, "failed"],
  [307, "failed"],
  [400, "failed"],
  [401, "failed"],
  [404, "failed"],
  [408, "retry"],
  [410, "gone"],
  [413, "failed"],
  [425, "retry"],
  [429, "retry"],
  [500, "retry"],
  [503, "retry"],
] as const)("status %s: %s", (status, verdict) => {
  expect(verdictOf(status)).toBe(verdict);
  expect(statusError(status) === null).toBe(verdict === "sent");
});

describe("pace", () => {
  it("never lets more than a second's worth at once, nor more a second after", () => {
    const kinds = { slack: 1, teams: 4, webhook: 5 } as const;
    const kind = fc.constantFrom(...(Object.keys(kinds) as (keyof typeof kinds)[]));
    fc.assert(
      fc.property(kind, fc.array(fc.nat(3_000), { maxLength: 60 }), (kind, waits) => {
        const sent: number[] = [];
        let nowMs = NOW;
        let clearMs: number | null = null;
        for (const wait of waits) {
          nowMs = freeAt({ kind, clearMs, nowMs: nowMs + wait });
          clearMs = afterSending({ kind, clearMs, nowMs }, 1);
          sent.push(nowMs);
        }
        for (const at of sent)
          for (const spanMs of [1_000, 10_000]) {
            const within = sent.filter((one) => one >= at && one < at + spanMs).length;
            expect(within).toBeLessThanOrEqual(kinds[kind] * (1 + spanMs / 1_000));
          }
      }),
    );
  });
  it("is closed until an instant when it is told so", () => {
    const bucket = { kind: "webhook", clearMs: NOW, nowMs: NOW } as const;
    const clearMs = closedUntil(bucket, NOW + 30_000);
    expect(freeAt({ ...bucket, clearMs })).toBe(NOW + 30_000);
    expect(freeAt({ ...bucket, clearMs, nowMs: NOW + 40_000 })).toBe(NOW + 40_000);
  });
});

describe("what remains to be told", () => {
  const told =
    (...ids: string[]) =>
    (id: string) =>
      ids.includes(id);
  it("leaves out closes of what was never told", () => {
    expect(remaining(message({}, { a: {} }), told())).toBeNull();
    expect(remaining(message({}, { a: {}, b: {} }), told("b"))?.closed.map(({ id }) => id)).toEqual(
      ["b"],
    );
    const open = message({ c: {} }, { a: {} });
    expect(remaining(open, told())).toEqual({ ...open, closed: [] });
    expect(remaining(open, told("a"))).toBe(open);
  });
  it("keeps the closes of messages that are not sent, by their newest word", () => {
    const older = [
      message({ a: {} }, { b: { value: 1 } }),
      message({}, { b: { value: 2 }, c: {} }),
    ];
    const newest = message({ a: {}, c: {} });
    const { firing, closed } = combined(older, newest);
    expect(firing).toEqual(newest.firing);
    expect(closed.map(({ id, content }) => [id, content.value])).toEqual([["b", 2]]);
    expect(combined([], newest)).toBe(newest);
  });
  it("is kept episode by episode", () => {
    expect(
      toldBy(message({ a: {}, b: { status: "no_data", severity: "info" } }, { c: {} })),
    ).toEqual({
      firing: {
        a: { status: "firing", severity: "high" },
        b: { status: "no_data", severity: "info" },
      },
      closed: ["c"],
    });
  });
});

it("a text is never longer than allowed, and never cut within a character or an escape", () => {
  const quote = (part: string) => part.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
  fc.assert(
    fc.property(text, fc.nat(400), (whole, most) => {
      const cut = clip(whole, most, quote);
      expect(cut.length).toBeLessThanOrEqual(most);
      expect(cut).not.toMatch(BROKEN);
      expect(cut.replace(/&(amp|lt);/g, "")).not.toMatch(/[&<]/);
      if (quote(whole.toWellFormed()).length <= most) expect(cut).toBe(quote(whole.toWellFormed()));
      else if (most > 0) expect(cut.endsWith("…")).toBe(true);
    }),
    { numRuns: 500 },
  );
});
