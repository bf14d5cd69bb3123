"use client";
import { Ago, Time } from "@/components/shell/time";
import { Button } from "@/components/ui/button";
import { CELL, Head, WIDE } from "@/components/ui/cells";
import { cx } from "@/components/ui/cx";
import { Tag } from "@/components/ui/tag";
import type { KeyItem } from "@/lib/auth/keys-schema";
import { formatCount, plain } from "@/lib/format";

type TableProps = {
  keys: readonly KeyItem[];
  onRotate: (key: KeyItem) => void;
  onEnd: (key: KeyItem) => void;
};

export function KeysTable({ keys, onRotate, onEnd }: TableProps) {
  return (
    <table aria-label="Keys in use" className="w-full border-t">
      <thead>
        <tr>
          <Head>Key</Head>
          <Head wide>May</Head>
          <Head wide>Last used</Head>
          <Head wide>Ends</Head>
          <Head wide>Made</Head>
          <th scope="col" className="h-8 border-b px-3">
            <span className="sr-only">Actions</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {keys.map((item) => (
          <tr key={item.id} className="group/row hover:bg-hover">
            <th scope="row" className={cx(CELL, "w-full text-left font-normal")}>
              <span className="font-medium wrap-anywhere">{plain(item.name)}</span>
              <p className="font-mono text-sm text-ink-3">{item.prefix}…</p>
              <Bounds item={item} />
              <p className="flex flex-wrap gap-1 pt-1 md:hidden">
                <Scopes item={item} />
              </p>
              <p className="text-sm text-ink-3 md:hidden">
                <Used item={item} />
              </p>
            </th>
            <td className={cx(CELL, WIDE)}>
              <span className="flex gap-1">
                <Scopes item={item} />
              </span>
            </td>
            <td className={cx(CELL, WIDE, "whitespace-nowrap text-ink-2")}>
              <Used item={item} />
            </td>
            <td className={cx(CELL, WIDE, "whitespace-nowrap text-ink-2")}>
              {item.expires_at ? <Time at={item.expires_at} /> : "never"}
            </td>
            <td className={cx(CELL, WIDE, "whitespace-nowrap text-ink-2")}>
              <Time at={item.created_at} />
              {item.created_by ? (
                <span className="block text-sm text-ink-3">{item.created_by}</span>
              ) : null}
            </td>
            <td className={cx(CELL, "text-right")}>
              <span className="inline-flex gap-1 max-sm:flex-col">
                {item.replaced_by === null ? (
                  <Button size="sm" onClick={() => onRotate(item)}>
                    Rotate<span className="sr-only"> {item.name}</span>
                  </Button>
                ) : null}
                <Button size="sm" variant="danger" onClick={() => onEnd(item)}>
                  Revoke<span className="sr-only"> {item.name}</span>
                </Button>
              </span>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

const Scopes = ({ item }: { item: KeyItem }) =>
  item.scopes.map((scope) => <Tag key={scope}>{scope}</Tag>);

function Used({ item: { last_used_at: at } }: { item: KeyItem }) {
  return at ? <Ago at={at} /> : <span className="text-ink-3">never used</span>;
}

/** Where, how often and how long, as far as it is bounded. */
function Bounds({ item }: { item: KeyItem }) {
  const { addresses, rate_per_minute: rate, replaced_by: by, expires_at: end } = item;
  const words = [
    addresses.length > 0 ? `from ${addresses.join(", ")}` : null,
    rate === null ? null : `${formatCount(rate)} requests a minute`,
  ].filter((word) => word !== null);
  return (
    <>
      {words.length > 0 ? (
        <p className="text-sm break-all text-ink-2">{words.join(" · ")}</p>
      ) : null}
      {by ? (
        <p className="text-sm text-wait">
          Replaced; good until <Time at={end} />
        </p>
      ) : null}
    </>
  );
}
