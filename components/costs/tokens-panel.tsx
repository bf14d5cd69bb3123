"use client";
import { RELIST_WORDS } from "@/components/costs/words";
import { Panel } from "@/components/shell/panel";
import { useUrlState } from "@/components/shell/scope";
import { Button } from "@/components/ui/button";
import { type FactsColumn, FactsTable } from "@/components/ui/facts-table";
import { Mark } from "@/components/ui/mark";
import { RELIST_STATES } from "@/lib/costs/drift-causes";
import type { Reconcile, TokenBuckets } from "@/lib/costs/reconcile-schema";
import { formatCount, formatPlural } from "@/lib/format";

type Row = { bucket: keyof TokenBuckets; name: string };
const BUCKETS: readonly Row[] = [
  { bucket: "input_tokens", name: "Input" },
  { bucket: "cache_write_tokens", name: "Cache writes" },
  { bucket: "cache_read_tokens", name: "Cache reads" },
  { bucket: "output_tokens", name: "Output" },
];

/** The platform's usage beside the sum of the spans, and what came of reading again where they differ. */
export function TokensPanel({ tokens, relists }: Pick<Reconcile, "tokens" | "relists">) {
  const { set } = useUrlState();
  const { compared, differing, usage, spans, missing, surplus } = tokens;
  const beyond = (value: number) =>
    value === 0 ? <span className="text-ink-3">0</span> : formatCount(value);
  const columns: readonly FactsColumn<Row>[] = [
    {
      label: "Tokens",
      cell: ({ bucket, name }) => (
        <>
          {name}
          {bucket === "cache_write_tokens" && usage.cache_write_tokens > 0 ? (
            <span className="block text-sm text-ink-3">
              {formatCount(usage.cache_write_5m_tokens)} for 5 min,{" "}
              {formatCount(usage.cache_write_1h_tokens)} for 1 h
            </span>
          ) : null}
        </>
      ),
    },
    { label: "Usage", right: true, cell: ({ bucket }) => formatCount(usage[bucket]) },
    { label: "Spans", right: true, cell: ({ bucket }) => formatCount(spans[bucket]) },
    { label: "In no span", right: true, wide: true, cell: ({ bucket }) => beyond(missing[bucket]) },
    {
      label: "In no usage",
      right: true,
      wide: true,
      cell: ({ bucket }) => beyond(surplus[bucket]),
    },
  ];
  return (
    <Panel
      title="Tokens"
      hint="of settled sessions: the platform's usage, and what the spans add up to"
      actions={
        differing > 0 ? (
          <Button size="sm" onClick={() => set({ show: "tokens", cause: null, agent: null })}>
            {formatPlural(differing, "session differs", "sessions differ")}
          </Button>
        ) : null
      }
      flush
    >
      {compared === 0 ? (
        <p className="px-3 pb-3 text-ink-2">
          No session that settled here came with the platform's usage.
        </p>
      ) : (
        <>
          <div className="px-1">
            <FactsTable
              label="Tokens of usage and spans"
              columns={columns}
              rows={BUCKETS}
              keyOf={(row) => row.bucket}
            />
          </div>
          <div className="px-3 py-2">
            {differing === 0 ? (
              <Mark
                shape="check"
                tone="ok"
                word={`All ${formatPlural(compared, "session")} agree to the token.`}
              />
            ) : (
              <p className="text-ink-2">
                {formatCount(differing)} of {formatPlural(compared, "session")} differ. A session of
                a connection has its lists read once more for it, whole.
              </p>
            )}
            <Relists relists={relists} />
          </div>
        </>
      )}
    </Panel>
  );
}

function Relists({ relists }: Pick<Reconcile, "relists">) {
  const states = RELIST_STATES.filter((state) => relists[state] > 0);
  if (states.length === 0) return null;
  return (
    <ul className="mt-1 flex flex-wrap gap-x-4 text-ink-2">
      {states.map((state) => (
        <li key={state}>
          {formatCount(relists[state])} {RELIST_WORDS[state]}
        </li>
      ))}
    </ul>
  );
}
