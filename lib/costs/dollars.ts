const PLACES = 9;
const NANOS = 10n ** BigInt(PLACES);

/** An amount as people type it, "1,250.50" or "$20", in nano-dollars and exactly; null when it is none. */
export function nanosOfDollars(text: string): number | null {
  const match = /^\$?\s*(\d{1,3}(?:,\d{3})+|\d+)(?:\.(\d{1,9}))?$/.exec(text.trim());
  if (!match) return null;
  const whole = BigInt((match[1] ?? "").replaceAll(",", ""));
  const nanos = whole * NANOS + BigInt((match[2] ?? "").padEnd(PLACES, "0"));
  return nanos <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(nanos) : null;
}

/** The same as a form or a file has it: no more places than are needed, cents at least. */
export function dollarsOfNanos(nanos: number): string {
  if (nanos < 0) return `-${dollarsOfNanos(-nanos)}`;
  const whole = BigInt(nanos) / NANOS;
  const rest = `${BigInt(nanos) % NANOS}`.padStart(PLACES, "0").replace(/0{1,7}$/, "");
  return `${whole}.${rest}`;
}
