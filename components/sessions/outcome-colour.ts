import { OUTCOME_LOOKS } from "@/components/sessions/outcomes";

// Four kinds of failure share vermilion; in a stack they need to be told apart.
const SHADES: Record<string, number> = {
  outcome_failed: 100,
  retries_exhausted: 78,
  refused: 60,
  terminated: 44,
};

/** An outcome's colour in a chart. */
export function outcomeColour(outcome: keyof typeof OUTCOME_LOOKS): string {
  const tone = `var(--${OUTCOME_LOOKS[outcome].tone})`;
  const shade = SHADES[outcome];
  return shade === undefined || shade === 100
    ? tone
    : `color-mix(in srgb, ${tone} ${shade}%, var(--surface))`;
}
