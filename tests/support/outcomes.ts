import { expect } from "vitest";
import type { SoupItem } from "./event-soup";
import { fold } from "./folding";

export type OutcomeRow = [name: string, items: SoupItem[], expected: Record<string, unknown>];

const FAILED = ["outcome_failed", "retries_exhausted", "refused", "terminated"];
const SETTLED = [...FAILED, "completed", "interrupted", "budget_paused"];

/** Folds the items; `failed` and `settled_at` go with the outcome (design §4) in every row. */
export function expectOutcome(items: SoupItem[], expected: Record<string, unknown>): void {
  const { row } = fold(...items);
  expect(row).toMatchObject(expected);
  expect(row.failed).toBe(FAILED.includes(String(row.outcome)));
  expect(row.settled_at !== null).toBe(SETTLED.includes(String(row.outcome)));
}
