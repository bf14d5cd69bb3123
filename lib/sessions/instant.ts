import { isoFromMicros, LATEST_US, microsFromIso } from "@/lib/time/micros";

const FROM_US = Date.UTC(1900, 0, 1) * 1000;

/** Any RFC 3339 instant as UTC with six fraction digits, which Postgres reads; null for other text. */
export function normalInstant(text: string): string | null {
  const us = microsFromIso(text);
  return us === null || us < FROM_US || us > LATEST_US ? null : isoFromMicros(us);
}
