import { isoFromMicros, LATEST_US, microsFromIso } from "@/lib/time/micros";

// Date.UTC takes years below 100 for those of the twentieth century.
const YEAR_AND_ZONE = /^(?:19|2[012])\d\d-.*(?:z|[+-](?:[01]\d|2[0-3])(?::?[0-5]\d)?)$/i;
const FROM_US = Date.UTC(1900, 0, 1) * 1000;

/** Any RFC 3339 instant as UTC with six fraction digits, which Postgres reads; null for other text. */
export function normalInstant(text: string): string | null {
  const us = YEAR_AND_ZONE.test(text) ? microsFromIso(text) : null;
  return us === null || us < FROM_US || us > LATEST_US ? null : isoFromMicros(us);
}

const digits = (text: string, at: number) =>
  (text.charCodeAt(at) - 48) * 10 + text.charCodeAt(at + 1) - 48;

let lastDay = "";
let lastDayUs = 0;

/** Micros of an instant in the very form of `normalInstant`, as every store gives them: quick, unchecked. */
export function microsOf(text: string): number {
  const day = text.slice(0, 10);
  // Rows come in order, mostly of one day; reading each as a date was most of a trace's cost.
  if (day !== lastDay) {
    lastDay = day;
    lastDayUs = Date.parse(`${day}T00:00:00Z`) * 1000;
  }
  const seconds = (digits(text, 11) * 60 + digits(text, 14)) * 60 + digits(text, 17);
  return lastDayUs + seconds * 1_000_000 + Number(text.slice(20, 26));
}

/** What Postgres' JSON has for a time without zone, taken as UTC, in the form of `normalInstant`. */
export function instantFromJson(text: string): string {
  return `${(text.length === 19 ? `${text}.` : text).padEnd(26, "0")}Z`;
}
