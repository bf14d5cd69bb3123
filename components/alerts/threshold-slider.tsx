"use client";
import { useQuery } from "@tanstack/react-query";
import { isRange } from "@/components/alerts/rule-choices";
import { type Draft, unitOfDraft } from "@/components/alerts/rule-draft";
import { figureTyped, typedFigure } from "@/components/alerts/typed-figure";
import { useSettled } from "@/components/alerts/use-settled";
import { cx } from "@/components/ui/cx";
import { type RuleBody, ruleThresholds } from "@/lib/alerts/queries";
import type { ThresholdCounts } from "@/lib/alerts/rules-schema";
import { formatCount, formatPlural } from "@/lib/format";
import { figureText } from "@/lib/metrics/figure";

const KINDS: readonly Draft["kind"][] = ["threshold", "ratio", "change", "event"];
const RESTED_MS = 600;

type ThresholdSliderProps = {
  draft: Draft;
  body: RuleBody;
  days: number;
  /** Whether the rule can be judged as it is typed. */
  isFine: boolean;
  onChange: (fire: string) => void;
};

/** How often it would have fired by the bound, to choose one by. */
export function ThresholdSlider({ draft, body, days, isFine, onChange }: ThresholdSliderProps) {
  const isMovable = KINDS.includes(draft.kind) && !isRange(draft.op);
  // Moving the bound asks nothing anew: all of them are told at once.
  const { fire: _, name: __, ...rest } = body;
  const settled = useSettled(JSON.stringify(rest), RESTED_MS);
  const { data } = useQuery({
    ...ruleThresholds(settled, body.fire, days, Date.now),
    enabled: isMovable && isFine && settled === JSON.stringify(rest),
  });
  const unit = unitOfDraft(draft);
  const fire = typedFigure(draft.fire, unit);
  if (!isMovable || !data || data.data.length < 3) return null;
  return (
    <Curve
      counts={data.data}
      fire={fire}
      words={(value) => figureText(value, unit)}
      onChange={(value) => onChange(figureTyped(value, unit))}
    />
  );
}

type CurveProps = {
  counts: ThresholdCounts["data"];
  fire: number | null;
  words: (value: number) => string;
  onChange: (fire: number) => void;
};

function Curve({ counts, fire, words, onChange }: CurveProps) {
  const most = Math.max(1, ...counts.map(({ total }) => total));
  const at = nearestTo(counts, fire);
  const chosen = counts[at];
  if (!chosen) return null;
  const [first, last] = [counts[0]?.fire ?? 0, counts.at(-1)?.fire ?? 0];
  const said = `at ${words(chosen.fire)}: ${chosen.total === 0 ? "never" : formatPlural(chosen.total, "episode")}`;
  return (
    <div className="flex flex-col gap-1 border-t px-3 py-2">
      <p className="flex flex-wrap items-baseline gap-x-2 text-sm">
        <span className="font-medium">By the bound</span>
        <span className="text-ink-2 tabular-nums">{said}</span>
        <span className="ml-auto text-ink-3">at most {formatCount(most)}</span>
      </p>
      <div aria-hidden className="flex h-12 items-end gap-px">
        {counts.map(({ fire: bound, total }, index) => (
          <span
            key={bound}
            title={`${words(bound)}: ${formatCount(total)}`}
            style={{ height: `${total === 0 ? 0 : Math.max(4, (100 * total) / most)}%` }}
            className={cx("min-h-px flex-1", index === at ? "bg-accent" : "bg-line-strong")}
          />
        ))}
      </div>
      <input
        type="range"
        aria-label="Bound it fires at"
        aria-valuetext={said}
        min={0}
        max={counts.length - 1}
        step={1}
        value={at}
        onChange={(event) => onChange(counts[Number(event.target.value)]?.fire ?? chosen.fire)}
        className="h-6 w-full accent-accent"
      />
      <p className="flex justify-between text-sm text-ink-3 tabular-nums">
        <span>{words(first)}</span>
        <span>{words(last)}</span>
      </p>
    </div>
  );
}

function nearestTo(counts: ThresholdCounts["data"], fire: number | null): number {
  if (fire === null) return 0;
  const off = counts.map((one) => Math.abs(one.fire - fire));
  return off.indexOf(Math.min(...off));
}
