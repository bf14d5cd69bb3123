"use client";
import type { UseQueryResult } from "@tanstack/react-query";
import { LabelList } from "@/components/alerts/label-list";
import { SeverityMark } from "@/components/alerts/marks";
import { refusalOf } from "@/components/alerts/use-rule-answers";
import { shareOf, valueWords } from "@/components/alerts/words";
import { Panel, QueryState } from "@/components/shell/panel";
import { cx } from "@/components/ui/cx";
import { Mark, type Shape, type Tone } from "@/components/ui/mark";
import { SCROLLABLE } from "@/components/ui/scrollable";
import { Skeleton } from "@/components/ui/skeleton";
import type { Preview } from "@/lib/alerts/rules-schema";
import { formatPlural } from "@/lib/format";

type Row = Preview["data"][number];

const LOOKS: Record<Row["state"], { shape: Shape; tone: Tone; word: string }> = {
  breach: { shape: "cross", tone: "fail", word: "past the bound" },
  ok: { shape: "check", tone: "ok", word: "fine" },
  low: { shape: "ring", tone: "quiet", word: "too little to judge by" },
  no_data: { shape: "query", tone: "stop", word: "no data" },
  error: { shape: "query", tone: "fail", word: "cannot be judged" },
};

/** What every group shows at this moment. */
export function PreviewPanel({
  query,
  isWrong,
}: {
  query: UseQueryResult<Preview, Error>;
  isWrong: boolean;
}) {
  const groups = query.data?.groups && !isWrong ? formatPlural(query.data.groups, "alert") : null;
  return (
    <Panel title="Now" hint={groups ? `${groups} at most, by what there is now` : undefined} flush>
      {isWrong ? (
        <p className="px-3 pb-3 text-ink-2">Shown once the sentence is complete.</p>
      ) : refusalOf(query.error) !== null ? (
        <p className="px-3 pb-3 text-ink-2">{refusalOf(query.error)}</p>
      ) : (
        <QueryState
          query={query}
          what="The present values"
          height="min-h-24"
          loading={<Skeleton className="mx-3 h-24" />}
          empty={{ when: ({ data }) => data.length === 0, title: "There is nothing to judge now." }}
        >
          {(preview) => <Groups preview={preview} />}
        </QueryState>
      )}
    </Panel>
  );
}

const CELL = "h-8 border-t px-3 py-1 whitespace-nowrap";

function Groups({ preview: { data, groups, unit } }: { preview: Preview }) {
  return (
    <>
      <div {...SCROLLABLE} className="max-h-72 overflow-auto">
        <table aria-label="Present values by group" className="w-full">
          <thead className="sr-only">
            <tr>
              <th scope="col">Group</th>
              <th scope="col">State</th>
              <th scope="col">Value</th>
            </tr>
          </thead>
          <tbody>
            {data.map((row) => (
              <tr key={JSON.stringify(row.labels)}>
                <th
                  scope="row"
                  className={cx(CELL, "w-full max-w-0 text-left font-normal whitespace-normal")}
                >
                  {Object.keys(row.labels).length === 0 ? (
                    "All"
                  ) : (
                    <LabelList labels={row.labels} names={row.names} />
                  )}
                  <span className="block sm:hidden">
                    <Standing row={row} />
                  </span>
                </th>
                <td className={cx(CELL, "max-sm:hidden")}>
                  <Standing row={row} />
                </td>
                <td className={cx(CELL, "text-right")}>
                  {valueWords(row.value, unit)}
                  <Share row={row} unit={unit} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {groups > data.length ? (
        <p className="border-t px-3 py-2 text-sm text-ink-3">
          The worst {data.length} of {groups}.
        </p>
      ) : null}
    </>
  );
}

function Standing({ row: { state, severity } }: { row: Row }) {
  if (state === "breach" && severity !== null) return <SeverityMark severity={severity} />;
  return <Mark {...LOOKS[state]} />;
}

function Share({ row, unit }: { row: Row; unit: string }) {
  const share = shareOf(row.numerator, row.denominator, unit);
  return share ? <span className="block text-sm text-ink-3">{share}</span> : null;
}
