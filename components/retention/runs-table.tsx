import { Panel } from "@/components/shell/panel";
import { Ago } from "@/components/shell/time";
import { CELL, Head, WIDE } from "@/components/ui/cells";
import { cx } from "@/components/ui/cx";
import { Empty } from "@/components/ui/empty";
import { Mark } from "@/components/ui/mark";
import { Progress } from "@/components/ui/progress";
import { formatPlural } from "@/lib/format";
import type { RetentionRunItem } from "@/lib/retention/schema";

/** The last runs, the newest first, and what each took. */
export function RunsTable({ runs }: { runs: readonly RetentionRunItem[] }) {
  return (
    <Panel title="Last runs" flush>
      {runs.length === 0 ? (
        <div className="flex min-h-24 items-center justify-center border-t">
          <Empty title="Nothing has run yet">
            It runs every night as soon as something is kept for a time only.
          </Empty>
        </div>
      ) : (
        <table aria-label="Last runs" className="w-full border-t">
          <thead>
            <tr>
              <Head>Run</Head>
              <Head>Taken</Head>
              <Head wide>Asked by</Head>
            </tr>
          </thead>
          <tbody>
            {runs.map((run) => (
              <Row key={run.id} run={run} />
            ))}
          </tbody>
        </table>
      )}
    </Panel>
  );
}

function Row({ run }: { run: RetentionRunItem }) {
  return (
    <tr className="group/row">
      <th scope="row" className={cx(CELL, "text-left font-normal whitespace-nowrap")}>
        {run.state === "done" ? (
          <span className="flex flex-wrap items-center gap-x-2">
            <Mark shape="check" tone="ok" word="Done" />
            <Ago at={run.finished_at} className="text-ink-3" />
          </span>
        ) : (
          <div className="flex min-w-28 flex-col gap-1">
            <span role="status">At {run.stage} …</span>
            <Progress label="Retention at work" value={null} />
          </div>
        )}
      </th>
      <td className={CELL}>{takenWords(run) || "nothing was due"}</td>
      <td className={cx(CELL, WIDE)}>{run.asked_by ?? "the clock"}</td>
    </tr>
  );
}

function takenWords({ counts, partitions }: RetentionRunItem): string {
  const words = (["content", "events", "spans"] as const).flatMap((kind) =>
    counts[kind] > 0 ? [`${kind} of ${formatPlural(counts[kind], "session")}`] : [],
  );
  if (counts.sessions > 0) words.push(formatPlural(counts.sessions, "session"));
  if (counts.rejected > 0) words.push(formatPlural(counts.rejected, "rejected item"));
  if (partitions.length > 0) words.push(formatPlural(partitions.length, "whole day"));
  if (counts.kept > 0)
    words.push(`${formatPlural(counts.kept, "session")} kept, since totals would change`);
  return words.join(" · ");
}
