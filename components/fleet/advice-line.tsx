import { Mark, type Shape, type Tone } from "@/components/ui/mark";
import type { Advice } from "@/lib/fleet/schema";

export const LEVEL_LOOKS: Record<Advice["level"], { shape: Shape; tone: Tone; word: string }> = {
  act: { shape: "cross", tone: "fail", word: "Act" },
  look: { shape: "hourglass", tone: "wait", word: "Look" },
  tidy: { shape: "ring", tone: "quiet", word: "Tidy" },
};

const FINE = { shape: "check", tone: "ok", word: "Nothing to do" } as const;

/** The level of a row's advice, as the mark before its name. */
export function LevelMark({ advice }: { advice: Advice | null }) {
  const { shape, tone, word } = advice ? LEVEL_LOOKS[advice.level] : FINE;
  return <Mark shape={shape} tone={tone} label={`${word}:`} />;
}

export function AdviceLine({ advice }: { advice: Advice | null }) {
  if (!advice) return null;
  return <p className="text-sm text-ink-2 wrap-anywhere">{advice.text}</p>;
}
