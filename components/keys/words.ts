import type { Scope } from "@/lib/auth/schema";

export const SCOPE_WORDS: Record<Scope, string> = {
  ingest: "send data, and nothing else",
  figures: "read figures, states and failures, nothing of what sessions said",
  read: "read everything",
  write: "read everything; rules, silences, channels, budgets and views",
  admin: "everything, people and keys included",
};

/** Text with one address or CIDR a line, or between commas. */
export const addressesIn = (text: string): string[] =>
  text.split(/[\s,]+/).filter((part) => part !== "");
