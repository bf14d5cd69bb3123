import fc from "fast-check";
import { expect, it } from "vitest";
import { dollarsOfNanos, nanosOfDollars } from "@/lib/costs/dollars";

it.each([
  ["1,250.50", 1_250_500_000_000],
  ["$20", 20_000_000_000],
  [" $ 0.01 ", 10_000_000],
  ["0.000000001", 1],
  ["9007199.254740991", Number.MAX_SAFE_INTEGER],
  ["9007199.254740992", null],
  ["0.0000000001", null],
  ["1,25", null],
  ["-1", null],
  ["1e3", null],
  ["", null],
  ["12.", null],
])("%j are %s nano-dollars", (text, nanos) => {
  expect(nanosOfDollars(text)).toBe(nanos);
});

it("shows what is read again as the same, with cents at least", () => {
  fc.assert(
    fc.property(fc.maxSafeNat(), (nanos) => {
      const text = dollarsOfNanos(nanos);
      expect(text).toMatch(/^\d+\.\d{2,9}$/);
      expect(nanosOfDollars(text)).toBe(nanos);
    }),
  );
  expect(dollarsOfNanos(1_500_000_000)).toBe("1.50");
  expect(dollarsOfNanos(-420)).toBe("-0.00000042");
});
