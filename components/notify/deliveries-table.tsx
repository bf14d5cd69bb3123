"use client";
import { DELIVERY_LOOKS, REASON_WORDS, stateReasonWords } from "@/components/notify/words";
import { Time } from "@/components/shell/time";
import { cx } from "@/components/ui/cx";
import { Mark } from "@/components/ui/mark";
import { formatPlural, plain } from "@/lib/format";
import type { DeliveryEntry } from "@/lib/notify/delivery-schema";

const CELL = "border-b px-3 py-2 align-top group-last/row:border-b-0";
const HEAD = "h-8 border-b px-3 text-left text-sm font-normal whitespace-nowrap text-ink-3";
const WIDE = "max-md:hidden";

type TableProps = {
  deliveries: readonly DeliveryEntry[];
  chosen: string | null;
  onChoose: (id: string) => void;
};

export function DeliveriesTable({ deliveries, chosen, onChoose }: TableProps) {
  return (
    <table aria-label="Deliveries" className="w-full">
      <thead>
        <tr>
          <th scope="col" className={HEAD}>
            Message
          </th>
          <th scope="col" className={cx(HEAD, WIDE)}>
            State
          </th>
          <th scope="col" className={cx(HEAD, WIDE)}>
            Answer
          </th>
          <th scope="col" className={cx(HEAD, "text-right")}>
            Made
          </th>
        </tr>
      </thead>
      <tbody>
        {deliveries.map((delivery) => (
          <Row
            key={delivery.id}
            delivery={delivery}
            isChosen={delivery.id === chosen}
            onChoose={() => onChoose(delivery.id)}
          />
        ))}
      </tbody>
    </table>
  );
}

type RowProps = { delivery: DeliveryEntry; isChosen: boolean; onChoose: () => void };

function Row({ delivery, isChosen, onChoose }: RowProps) {
  const { channel_name: name, reason, episode_ids: episodes } = delivery;
  return (
    <tr className={cx("group/row relative hover:bg-hover", isChosen && "bg-selected")}>
      <th scope="row" className={cx(CELL, "w-full text-left font-normal")}>
        <button
          type="button"
          aria-pressed={isChosen}
          onClick={onChoose}
          className="text-left font-medium wrap-anywhere after:absolute after:inset-0"
        >
          {plain(name ?? "a channel that is gone")}: {REASON_WORDS[reason]}
        </button>
        <p className="text-sm text-ink-3">{formatPlural(episodes.length, "episode")}</p>
        <p className="md:hidden">
          <Standing delivery={delivery} />
        </p>
      </th>
      <td className={cx(CELL, WIDE, "min-w-32")}>
        <Standing delivery={delivery} />
      </td>
      <td className={cx(CELL, WIDE, "min-w-80")}>
        <Answer delivery={delivery} />
      </td>
      <td className={cx(CELL, "text-right whitespace-nowrap")}>
        <Time at={delivery.created_at} style="daySecond" />
      </td>
    </tr>
  );
}

export function Standing({
  delivery,
}: {
  delivery: Pick<DeliveryEntry, "state" | "state_reason">;
}) {
  const why = stateReasonWords(delivery.state_reason);
  return (
    <span className="flex flex-col">
      <Mark {...DELIVERY_LOOKS[delivery.state]} />
      {why ? <span className="text-sm text-ink-3">{why}</span> : null}
    </span>
  );
}

function Answer({
  delivery: { attempts, last_status: status, last_error: error },
}: {
  delivery: DeliveryEntry;
}) {
  if (attempts === 0) return <span className="text-ink-3">not tried yet</span>;
  return (
    <span className="flex flex-col">
      <span>
        {status ?? "no answer"}
        <span className="text-ink-3"> after {formatPlural(attempts, "attempt")}</span>
      </span>
      {error ? <span className="text-sm wrap-anywhere text-fail">{error}</span> : null}
    </span>
  );
}
