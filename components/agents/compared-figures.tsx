import { cx } from "@/components/ui/cx";
import { Mark, type Shape, type Tone } from "@/components/ui/mark";
import { SCROLLABLE } from "@/components/ui/scrollable";
import type { ComparedFigure, Comparison } from "@/lib/agents/schema";
import {
  differenceRange,
  differenceWords,
  FIGURE_WORDS,
  neededWords,
  versionWords,
} from "@/lib/agents/words";
import { formatCount, formatDuration, formatNanos, formatPercent } from "@/lib/format";

const LOOKS: Record<ComparedFigure["verdict"], { shape: Shape; tone: Tone; word: string }> = {
  better: { shape: "check", tone: "ok", word: "better" },
  worse: { shape: "cross", tone: "fail", word: "worse" },
  undecided: { shape: "query", tone: "wait", word: "may be chance" },
  unknown: { shape: "ring", tone: "quiet", word: "too few sessions" },
};

const FORMATS: Record<ComparedFigure["id"], (value: number) => string> = {
  failure_rate: (value) => formatPercent(value),
  cost_per_completed_session: formatNanos,
  cost_per_session: formatNanos,
  turn_duration_p95: formatDuration,
};

const CELL = "border-b px-3 py-2 align-top max-md:px-2";
const FIGURE = `${CELL} text-right md:whitespace-nowrap`;

const titled = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);

/** Both versions' figures with how sure they are, and what the difference surely is. */
export function ComparedFigures({ comparison }: { comparison: Comparison }) {
  const { base, version, figures } = comparison;
  return (
    <div {...SCROLLABLE} className="overflow-x-auto">
      <table className="w-full" aria-label="Figures of both versions">
        <thead>
          <tr className="text-sm text-ink-3">
            <th scope="col" className={cx(CELL, "py-1.5 text-left font-normal")}>
              Figure
            </th>
            {[base, version].map((one) => (
              <th key={one.version} scope="col" className={cx(FIGURE, "py-1.5 font-normal")}>
                {versionWords(one.version)}
              </th>
            ))}
            <th scope="col" className={cx(FIGURE, "py-1.5 font-normal")}>
              Difference
            </th>
          </tr>
        </thead>
        <tbody>
          {figures.map((figure) => (
            <Row key={figure.id} figure={figure} version={version.version} />
          ))}
        </tbody>
      </table>
      <p className="px-3 py-2 text-sm text-ink-3">
        Ranges beside a figure hold the true one with 95 %, those of differences with 99 %: the
        verdict rests on the failure rate and the cost per completed session, and is looked at again
        and again. Rates by Newcombe's interval, costs on a logarithmic scale by the delta method,
        turns by their ranks, as if each session had one.
      </p>
    </div>
  );
}

function Row({ figure, version }: { figure: ComparedFigure; version: string }) {
  const { id, difference, verdict, needed } = figure;
  const { shape, tone, word } = LOOKS[verdict];
  return (
    <tr>
      <th scope="row" className={cx(CELL, "text-left font-normal")}>
        {titled(FIGURE_WORDS[id])}
        <span className="block text-sm">
          <Mark shape={shape} tone={tone} word={word} />
        </span>
      </th>
      <Side id={id} side={figure.base} />
      <Side id={id} side={figure.version} />
      <td className={FIGURE}>
        {difference === null ? (
          <span className="text-ink-3">–</span>
        ) : (
          <>
            {differenceWords(id, difference.value)}
            <span className="block text-sm text-ink-3">{differenceRange(id, difference)}</span>
          </>
        )}
        {needed === null ? null : (
          <span className="block text-sm whitespace-normal text-ink-3">
            {neededWords(needed, version)} would decide
          </span>
        )}
      </td>
    </tr>
  );
}

function Side({ id, side }: { id: ComparedFigure["id"]; side: ComparedFigure["base"] }) {
  const { value, low, high, size } = side;
  const format = FORMATS[id];
  return (
    <td className={FIGURE}>
      {value === null ? <span className="text-ink-3">–</span> : format(value)}
      {low === null || high === null ? null : (
        <span className="block text-sm text-ink-3">
          {format(low)} – {format(high)}
        </span>
      )}
      <span className="block text-sm text-ink-3">of {formatCount(size)}</span>
    </td>
  );
}
