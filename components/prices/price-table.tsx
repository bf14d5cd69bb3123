"use client";
import { useRef } from "react";
import { priceRows } from "@/components/prices/rows";
import {
  COLUMN_LABELS,
  modeWords,
  offWords,
  picoWords,
  sinceWords,
} from "@/components/prices/words";
import { useNow } from "@/components/shell/display";
import { Panel } from "@/components/shell/panel";
import { useUrlState } from "@/components/shell/scope";
import { Button } from "@/components/ui/button";
import { FactsTable } from "@/components/ui/facts-table";
import { SearchBox } from "@/components/ui/search-box";
import { Tag } from "@/components/ui/tag";
import type { Prices } from "@/lib/costs/prices-schema";
import { formatNanosExact, formatPlural } from "@/lib/format";

const NOW_MS = 60_000;
type Row = ReturnType<typeof priceRows>[number];

/** Every price that holds, with what is the workspace's own about it. */
export function PriceTable({
  prices,
  onReplace,
}: {
  prices: Prices;
  onReplace: (model: string) => void;
}) {
  const { params, set } = useUrlState();
  const search = useRef<HTMLInputElement>(null);
  const q = params.get("q") ?? "";
  const found = priceRows(prices, q, useNow(NOW_MS));
  const showsEarlier = params.get("earlier") === "yes";
  const earlier = found.filter(({ isOver }) => isOver).length;
  const rows = showsEarlier ? found : found.filter(({ isOver }) => !isOver);
  return (
    <Panel
      title="Prices that hold"
      hint={`list of ${prices.published}, dollars for a million tokens`}
      actions={
        <SearchBox
          label="Search models"
          placeholder="Search models"
          value={q}
          onChange={(text) => set({ q: text || null }, { replace: true })}
          inputRef={search}
        />
      }
      flush
    >
      {rows.length === 0 ? (
        <p className="border-t px-3 py-4 text-ink-2">No model is called that.</p>
      ) : (
        <FactsTable
          label="Prices that hold"
          rows={rows}
          keyOf={(row) => row.key}
          columns={[
            { label: "Model", cell: (row) => <Model row={row} /> },
            { label: "Since", wide: true, cell: ({ item }) => sinceWords(item.effective_from) },
            ...Object.entries(COLUMN_LABELS).map(([name, label]) => ({
              label,
              right: true as const,
              cell: ({ item }: Row) => picoWords(item[name as keyof typeof COLUMN_LABELS]),
            })),
            {
              label: "US-only",
              right: true,
              wide: true,
              cell: ({ item }) => `${(item.geo_permille.us ?? 1000) / 1000}×`,
            },
            {
              label: "Change",
              right: true,
              cell: ({ item, isNewest }) =>
                isNewest ? (
                  <Button size="sm" onClick={() => onReplace(item.models[0] ?? "")}>
                    Own price
                    <span className="sr-only"> of {item.models[0]}</span>
                  </Button>
                ) : null,
            },
          ]}
        />
      )}
      <div className="flex flex-wrap items-end justify-between gap-2 px-3 py-2">
        <Meters prices={prices} />
        {earlier > 0 ? (
          <Button
            size="sm"
            onClick={() => set({ earlier: showsEarlier ? null : "yes" }, { replace: true })}
          >
            {showsEarlier ? "Hide" : "Show"} {formatPlural(earlier, "earlier price")}
          </Button>
        ) : null}
      </div>
    </Panel>
  );
}

function Model({ row: { item, isOwn, off, isOver } }: { row: Row }) {
  const [first, ...others] = item.models;
  return (
    <div className="min-w-40">
      <p className="flex flex-wrap items-center gap-1.5">
        <span className="break-all">{first}</span>
        {isOver ? <Tag>over</Tag> : null}
        {isOwn ? <Tag tone="run">own</Tag> : null}
        {off > 0 ? <Tag tone="ok">−{offWords(off)}</Tag> : null}
      </p>
      <p className="text-sm text-ink-3">
        {[modeWords(item), ...others].filter(Boolean).join(", ")}
        {item.effective_from === null ? null : (
          <span className="block md:hidden">{sinceWords(item.effective_from)}</span>
        )}
      </p>
    </div>
  );
}

function Meters({ prices: { meters } }: { prices: Prices }) {
  return (
    <ul className="text-ink-2">
      {meters.map((meter) => (
        <li key={meter.effective_from}>
          Session-hour {formatNanosExact(meter.session_hour_nanos)}, web search{" "}
          {formatNanosExact(meter.web_search_nanos)}, {sinceWords(meter.effective_from)}
        </li>
      ))}
    </ul>
  );
}
