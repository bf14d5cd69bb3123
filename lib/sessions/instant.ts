import { isoFromMicros, LATEST_US, microsFromIso } from "@/lib/time/micros";

// Date.UTC takes years below 100 for those of the twentieth century.
const YEAR_AND_ZONE = /^(?:19|2[012])\d\d-.*(?:z|[+-](?:[01]\d|2[0-3])(?::?[0-5]\d)?)$/i;
const FROM_US = Date.UTC(1900, 0, 1) * 1000;

/** Any RFC 3339 instant as UTC with six fraction digits, which Postgres reads; null for other text. */
export function normalInstant(text: string): string | null {
  const us = YEAR_AND_ZONE.test(text) ? microsFromIso(text) : null;
  return us === null || us < FROM_US || us > LATEST_US ? null : isoFromMicros(us);
}

/** Micros of an instant in the very form of `normalInstant`, as every store gives them: quick, unchecked. */
export function microsOf(text: string): number {
  return Date.parse(`${text.slice(0, 23)}Z`) * 1000 + Number(text.slice(23, 26));
}
