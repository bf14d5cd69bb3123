import { outcomeLook } from "@/components/sessions/outcomes";
import { Mark } from "@/components/ui/mark";
import type { Outcome } from "@/lib/sessions/schema";

/** A session's or turn's outcome; `compact` shows the shape alone and names it for screen readers. */
export function OutcomeMark({
  outcome,
  compact,
  word,
  className,
}: {
  outcome: Outcome;
  compact?: boolean;
  word?: string;
  className?: string;
}) {
  const look = outcomeLook(outcome);
  const text = word ?? look.word;
  return (
    <Mark
      shape={look.shape}
      tone={look.tone}
      pulse={look.pulse}
      className={className}
      {...(compact ? { label: text } : { word: text })}
    />
  );
}
