"use client";
import { useQuery } from "@tanstack/react-query";
import { ChevronDown, ChevronRight } from "lucide-react";
import { useState } from "react";
import { EraseForm } from "@/components/retention/erase-form";
import { WrittenList } from "@/components/retention/written-list";
import { Panel, QueryState } from "@/components/shell/panel";
import { useUrlState } from "@/components/shell/scope";
import { Time } from "@/components/shell/time";
import { Button } from "@/components/ui/button";
import { CELL, FIGURE, Head } from "@/components/ui/cells";
import { cx } from "@/components/ui/cx";
import { Dialog } from "@/components/ui/dialog";
import { Facts } from "@/components/ui/facts";
import { Notice } from "@/components/ui/notice";
import { Progress } from "@/components/ui/progress";
import { formatCount, formatNanos, formatPlural } from "@/lib/format";
import type { ErasureItem, ErasuresAnswer } from "@/lib/retention/erasure-schema";
import { erasuresList } from "@/lib/retention/queries";

const WORKING_MS = 1_000;

const isAtWork = (answer: ErasuresAnswer | undefined) =>
  answer?.data.some(({ state }) => !isOver(state));

const isOver = (state: ErasureItem["state"]) => state === "done" || state === "failed";

/** What was erased, each with its report, and the way to erase. */
export function ErasuresPanel() {
  const query = useQuery({
    ...erasuresList(),
    refetchInterval: ({ state: { data } }) => (isAtWork(data) ? WORKING_MS : false),
  });
  const { params, set } = useUrlState();
  const [asking, setAsking] = useState(false);
  const opened = params.get("erasure");
  return (
    <Panel
      title="Erasures"
      hint="for good; totals stay"
      actions={
        <Button variant="danger" onClick={() => setAsking(true)}>
          Erase sessions…
        </Button>
      }
      flush
    >
      <div className="border-t">
        <QueryState
          query={query}
          what="The erasures"
          height="min-h-24"
          empty={{
            when: ({ data }) => data.length === 0,
            title: "Nothing was erased yet",
            children: "Erase what somebody may ask you to: by session, or by a value of metadata.",
          }}
        >
          {({ data }) => (
            <ol aria-label="Erasures">
              {data.map((item) => (
                <Erasure
                  key={item.id}
                  item={item}
                  open={opened === item.id}
                  onToggle={() =>
                    set({ erasure: opened === item.id ? null : item.id }, { replace: true })
                  }
                />
              ))}
            </ol>
          )}
        </QueryState>
      </div>
      <Dialog open={asking} onOpenChange={setAsking} title="Erase sessions">
        {asking ? <EraseForm onClose={() => setAsking(false)} /> : null}
      </Dialog>
    </Panel>
  );
}

type ErasureProps = { item: ErasureItem; open: boolean; onToggle: () => void };

function Erasure({ item, open, onToggle }: ErasureProps) {
  const Chevron = open ? ChevronDown : ChevronRight;
  const { report } = item;
  return (
    <li className="border-b last:border-b-0">
      <button
        type="button"
        aria-expanded={open}
        onClick={onToggle}
        className="grid w-full grid-cols-[1rem_minmax(0,1fr)_auto] items-center gap-x-2 rounded-lg px-2 py-2 text-left -outline-offset-2 hover:bg-hover"
      >
        <Chevron size={14} aria-hidden className="text-ink-3" />
        <span className="min-w-0 wrap-anywhere">
          {wordsOf(item)}
          <span className="text-ink-3"> · {item.about}</span>
        </span>
        <Time at={item.created_at} className="text-ink-3 tabular-nums" />
      </button>
      {item.problem === null ? null : (
        <div className="px-3 pb-2">
          <Notice tone={item.state === "failed" ? "fail" : "wait"}>
            {item.problem}{" "}
            {item.state === "failed"
              ? "It was given up: ask for it again when that is mended."
              : "It is tried again, after the others."}
          </Notice>
        </div>
      )}
      {isOver(item.state) ? null : (
        <div className="px-3 pb-2">
          <Progress
            label={`Erasing ${item.about}`}
            value={item.state === "settling" ? null : report.sessions / Math.max(1, item.sessions)}
          />
        </div>
      )}
      {open ? <Report item={item} /> : null}
    </li>
  );
}

function wordsOf({ state, report, sessions }: ErasureItem): string {
  if (state === "done") return `${formatPlural(report.sessions, "session")} erased`;
  const words = state === "failed" ? "Given up" : "Erasing";
  return `${words}: ${formatCount(report.sessions)} of ${formatPlural(sessions, "session")}`;
}

function Report({ item }: { item: ErasureItem }) {
  const { report } = item;
  return (
    <div className="grid grid-cols-1 gap-x-8 gap-y-3 px-3 pt-1 pb-3 md:grid-cols-2">
      <Facts
        rows={[
          ["Asked by", item.asked_by],
          ["Why", item.reason],
          ["Done", item.finished_at ? <Time key="done" at={item.finished_at} /> : "not yet"],
          ["Events", formatCount(report.events)],
          ["Spans", formatCount(report.spans)],
          ["Threads", formatCount(report.threads)],
          ["Rejected items", formatCount(report.rejected)],
          ["Webhooks", formatCount(report.webhooks)],
          ["Alerts, messages", formatCount(report.messages)],
          ["Audit entries", formatCount(report.audit)],
          ["Other rows", formatCount(report.other)],
        ]}
      />
      <table aria-label="What remains in the totals" className="h-fit w-full">
        <thead>
          <tr>
            <Head>Stays in the totals</Head>
            <Head right>Cost</Head>
            <Head right>Tokens</Head>
          </tr>
        </thead>
        <tbody>
          {report.remains.map(({ month, cost_nanos, tokens }) => (
            <tr key={month} className="group/row">
              <th scope="row" className={cx(CELL, "text-left font-normal")}>
                {month}
              </th>
              <td className={FIGURE}>{formatNanos(cost_nanos)}</td>
              <td className={FIGURE}>{formatCount(tokens)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <WrittenList written={report.written} />
    </div>
  );
}
