"use client";
import { BAND_MARKS } from "@/components/trace/band-look";
import { useTrace } from "@/components/trace/trace-context";
import { Mark } from "@/components/ui/mark";
import { formatDuration, formatPercent } from "@/lib/format";
import { BAND_WORDS, bandTotals, segmentsOf } from "@/lib/sessions/band";

/** How long the session was in which state, in words; in a replay, up to its instant. */
export function BandLegend() {
  const { data, time, replay } = useTrace();
  const { atUs } = replay;
  const segments =
    atUs === null ? time.segments : segmentsOf(data.page.state_band ?? [], atUs, atUs);
  const totals = bandTotals(segments);
  if (totals.length === 0) return <span className="text-sm text-ink-3">No states known yet</span>;
  return (
    <ul aria-label="Time in each state" className="flex flex-wrap items-center gap-x-4 gap-y-0.5">
      {totals.map((total) => (
        <li key={total.state} className="flex items-center gap-1.5 text-sm">
          <Mark {...BAND_MARKS[total.state]} word={BAND_WORDS[total.state]} />
          <span className="text-ink-2">
            {formatDuration(total.ms)} · {formatPercent(total.share)}
            {total.times > 1 ? ` · ${total.times}×` : null}
          </span>
        </li>
      ))}
    </ul>
  );
}
