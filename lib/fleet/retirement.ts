import type { Retirement } from "./schema";

const DAY_MS = 86_400_000;

/** What is known of a model's end without asking the platform. `retiresAt` null: it is retired, since when is not known. */
type Known = { models: readonly string[]; retiresAt: string | null; source: string };

/** As of 2026-11. Neither source names a successor, so none is suggested. */
export const RETIREMENTS: readonly Known[] = [
  {
    models: ["claude-sonnet-4-5", "claude-sonnet-4-5-20250929"],
    retiresAt: "2026-11-30T00:00:00.000Z",
    source: "@anthropic-ai/sdk 1.11.0",
  },
  {
    models: [
      "claude-opus-4-1",
      "claude-opus-4-1-20250805",
      "claude-opus-4",
      "claude-opus-4-0",
      "claude-opus-4-20250514",
      "claude-3-5-haiku",
      "claude-3-5-haiku-latest",
      "claude-3-5-haiku-20241022",
    ],
    retiresAt: null,
    source: "the pricing page of 2026-10-08",
  },
];

/** What the platform of a connection said of a model when it was last asked. */
export type ModelLife = { model: string; lifecycle: string; retiresAt: string | null };

/**
 * When a model goes; null while nobody says that it does. The platform's own word goes before the
 * list above. A model whose day has come is retired only when the platform says so: days can move.
 */
export function retirementOf(
  model: string,
  lives: readonly ModelLife[],
  nowMs: number,
): Retirement | null {
  const told = lives.find((life) => life.model === model);
  if (told) {
    if (told.lifecycle === "active") return null;
    const retired = told.lifecycle === "retired";
    if (!retired && told.retiresAt === null) return null;
    return retirement(model, { retired, retiresAt: told.retiresAt, source: "the platform" }, nowMs);
  }
  const known = RETIREMENTS.find(({ models }) => models.includes(model));
  if (!known) return null;
  const { retiresAt, source } = known;
  const retired = retiresAt === null || Date.parse(retiresAt) <= nowMs;
  return retirement(model, { retired, retiresAt, source }, nowMs);
}

function retirement(
  model: string,
  of: { retired: boolean; retiresAt: string | null; source: string },
  nowMs: number,
): Retirement {
  const left = of.retiresAt === null ? null : Date.parse(of.retiresAt) - nowMs;
  return {
    model,
    retired: of.retired,
    retires_at: of.retiresAt,
    days_left: of.retired || left === null ? null : Math.ceil(left / DAY_MS),
    source: of.source,
  };
}

/** Of several models the one that goes first: retired ones before those to come. */
export function firstToGo(
  models: readonly string[],
  lives: readonly ModelLife[],
  nowMs: number,
): Retirement | null {
  const rank = ({ retired, days_left }: Retirement) =>
    retired ? Number.NEGATIVE_INFINITY : (days_left ?? Number.POSITIVE_INFINITY);
  const going = models
    .map((model) => retirementOf(model, lives, nowMs))
    .filter((found) => found !== null);
  return going.reduce<Retirement | null>(
    (first, one) => (first === null || rank(one) < rank(first) ? one : first),
    null,
  );
}
