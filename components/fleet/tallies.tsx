import { LEVEL_LOOKS } from "@/components/fleet/advice-line";
import { Mark } from "@/components/ui/mark";
import type { FleetSummary } from "@/lib/fleet/schema";
import { LEVELS } from "@/lib/fleet/words";
import { formatCount } from "@/lib/format";

const WORDS = { act: "to act on", look: "to look at", tidy: "to tidy up" } as const;

/** How much of this kind needs somebody. Holds its place while nothing is known. */
export function Tallies({ tally }: { tally: FleetSummary["agents"] | undefined }) {
  const told = LEVELS.filter((level) => (tally?.[level] ?? 0) > 0);
  return (
    <p className="flex min-h-8 flex-wrap items-center gap-x-4 gap-y-1 border-b px-3 py-1 text-sm lg:px-4">
      {told.map((level) => {
        const { shape, tone } = LEVEL_LOOKS[level];
        const words = `${formatCount(tally?.[level] ?? 0)} ${WORDS[level]}`;
        return <Mark key={level} shape={shape} tone={tone} word={words} />;
      })}
      {tally && told.length === 0 ? (
        <Mark shape="check" tone="ok" word={tally.total === 0 ? "" : "nothing to do"} />
      ) : null}
    </p>
  );
}
