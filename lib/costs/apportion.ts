/** Nearest integer of a quotient of non-negative integers, halves up. */
export function divideHalfUp(dividend: bigint, divisor: bigint): bigint {
  return (2n * dividend + divisor) / (2n * divisor);
}

const BOUND = BigInt(Number.MAX_SAFE_INTEGER);

/** A number that stays exact; a figure beyond 2^53 − 1 ($9 million in nano-dollars) stands at that bound. */
export function toSafe(value: bigint): number {
  return Number(value > BOUND ? BOUND : value < -BOUND ? -BOUND : value);
}

/** Cache writes by lifetime; used as a ratio as well. */
export interface WriteSplit {
  write5m: number;
  write1h: number;
}

/** One amount in the split's ratio, whole tokens; without a ratio all of it is 5m. */
export function splitWrites(writes: number, split: WriteSplit | null): WriteSplit {
  const whole = split === null ? 0n : BigInt(split.write5m) + BigInt(split.write1h);
  if (split === null || whole === 0n) return { write5m: writes, write1h: 0 };
  const write5m = Number(divideHalfUp(BigInt(writes) * BigInt(split.write5m), whole));
  return { write5m, write1h: writes - write5m };
}

/**
 * Several amounts in the split's ratio by largest remainder: whole tokens that add up to
 * `splitWrites` of their sum. Equal remainders go to the amounts that come first.
 */
export function apportionWrites(
  amounts: readonly number[],
  split: WriteSplit | null,
): WriteSplit[] {
  const sum = Number(amounts.reduce((total, amount) => total + BigInt(amount), 0n));
  const total = splitWrites(sum, split);
  if (split === null || total.write1h === 0) {
    return amounts.map((writes) => ({ write5m: writes, write1h: 0 }));
  }
  const whole = BigInt(split.write5m) + BigInt(split.write1h);
  const parts = amounts.map((writes, index) => {
    const product = BigInt(writes) * BigInt(split.write5m);
    return { index, floor: Number(product / whole), remainder: product % whole };
  });
  const floors = parts.reduce((total, part) => total + part.floor, 0);
  const raised = new Set(
    [...parts]
      .sort((a, b) =>
        a.remainder === b.remainder ? a.index - b.index : a.remainder < b.remainder ? 1 : -1,
      )
      .slice(0, total.write5m - floors)
      .map((part) => part.index),
  );
  return amounts.map((writes, index) => {
    const write5m = (parts[index]?.floor ?? 0) + (raised.has(index) ? 1 : 0);
    return { write5m, write1h: writes - write5m };
  });
}
