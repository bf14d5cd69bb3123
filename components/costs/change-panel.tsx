"use client";
import { useQuery } from "@tanstack/react-query";
import { changeOf, EFFECT_LABELS, effectWords, waterfallOf } from "@/components/costs/change";
import { signedNanos } from "@/components/costs/words";
import { Panel } from "@/components/shell/panel";
import { cx } from "@/components/ui/cx";
import { type Change, EFFECTS } from "@/lib/costs/change";
import { bookOf } from "@/lib/costs/own-prices";
import { PRICE_BOOK } from "@/lib/costs/prices";
import { priceBook } from "@/lib/costs/prices-queries";
import { formatNanos } from "@/lib/format";
import type { Answers } from "@/lib/metrics/queries";

const CELL = "h-8 px-3 whitespace-nowrap";

/** Why the range cost more or less than the one it is compared with: bars that add up exactly. */
export function ChangePanel({ answers }: { answers: Answers }) {
  const prices = useQuery(priceBook()).data;
  if (!answers.before) return null;
  const book = prices ? bookOf(prices.terms, prices.number) : PRICE_BOOK;
  const change = changeOf(answers, book);
  return (
    <Panel title="Why did it change" hint="against the range it is compared with" flush>
      {change ? (
        <Waterfall answers={answers} change={change} />
      ) : (
        <p className="px-3 pb-3 text-ink-2">
          No session started in one of the two ranges, so there is nothing to compare by.
        </p>
      )}
    </Panel>
  );
}

function Waterfall({ answers, change }: { answers: Answers; change: Change }) {
  const places = waterfallOf(change);
  const { before, after, effects } = change;
  return (
    <>
      <table className="w-full border-t">
        <caption className="sr-only">What changed the cost, one part after the other</caption>
        <thead className="sr-only">
          <tr>
            <th scope="col">Part</th>
            <th scope="col">From what to what</th>
            <th scope="col">Drawn</th>
            <th scope="col">Change of cost</th>
          </tr>
        </thead>
        <tbody>
          <Row
            label="Before"
            place={places.before}
            tone="bg-line-strong"
            amount={formatNanos(before)}
          />
          {EFFECTS.map((effect) => (
            <Row
              key={effect}
              label={EFFECT_LABELS[effect]}
              words={effectWords(effect, answers)}
              place={places.effects[effect]}
              tone={effects[effect] > 0 ? "bg-wait" : "bg-ok"}
              amount={signedNanos(effects[effect])}
            />
          ))}
          <Row label="Now" place={places.after} tone="bg-line-strong" amount={formatNanos(after)} />
        </tbody>
      </table>
      <p className="border-t p-3 text-sm text-ink-3">
        Each part is replaced in this order, what follows it as it was before; the bars add up to
        the difference exactly. Prices: what a token of the same model and bucket cost.
      </p>
    </>
  );
}

type RowProps = {
  label: string;
  words?: string | null;
  place: { left: number; width: number };
  tone: string;
  amount: string;
};

function Row({ label, words, place, tone, amount }: RowProps) {
  return (
    <tr>
      <th scope="row" className={cx(CELL, "w-44 text-left font-normal")}>
        {label}
      </th>
      <td className={cx(CELL, "w-80 text-ink-2 max-lg:hidden")}>{words}</td>
      <td className={cx(CELL, "w-full")}>
        <span className="relative block h-3">
          {place.width > 0 ? (
            <span
              className={cx("absolute inset-y-0 min-w-px rounded-xs", tone)}
              style={{ left: `${place.left}%`, width: `${place.width}%` }}
            />
          ) : null}
        </span>
      </td>
      <td className={cx(CELL, "text-right")}>{amount}</td>
    </tr>
  );
}
