"use client";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { DifferenceView } from "@/components/prices/difference-view";
import { useNow } from "@/components/shell/display";
import { errorWords, Panel } from "@/components/shell/panel";
import { Needs } from "@/components/shell/viewer";
import { Button } from "@/components/ui/button";
import { Progress } from "@/components/ui/progress";
import { repricings, startRepricing, stopRepricing } from "@/lib/costs/prices-queries";
import type { Prices } from "@/lib/costs/prices-schema";
import type { RepricingItem, RepricingKind } from "@/lib/costs/repricing-schema";
import { formatCount, formatPlural } from "@/lib/format";

const WORKING_MS = 1_000;
const RESTING_MS = 30_000;
/** How long what was done is told of. */
const SHOWN_MS = 86_400_000;

/** Sessions that were priced otherwise: what the prices that hold would change, and making it so. */
export function RepricePanel({ prices }: { prices: Prices }) {
  const query = useQuery({
    ...repricings(),
    refetchInterval: ({ state: { data } }) => {
      if (data?.last?.state === "working") return WORKING_MS;
      return data?.waiting === 0 ? false : RESTING_MS;
    },
  });
  const client = useQueryClient();
  const refresh = () => client.invalidateQueries({ queryKey: repricings().queryKey });
  const start = useMutation({ mutationFn: startRepricing, onSuccess: refresh });
  const stop = useMutation({ mutationFn: stopRepricing, onSuccess: refresh });
  const nowMs = useNow(RESTING_MS);
  const { waiting = 0, last = null } = query.data ?? {};
  const isOld = waiting === 0 && nowMs - Date.parse(last?.finished_at ?? "") > SHOWN_MS;
  const shown = last?.version === prices.version && !isOld ? last : null;
  if (waiting === 0 && shown === null) return null;
  const error = start.error ?? stop.error;
  const acts = {
    waiting,
    isBusy: start.isPending || stop.isPending,
    start: (kind: RepricingKind) => start.mutate(kind),
    stop: (id: string) => stop.mutate(id),
  };
  return (
    <Panel
      title="Re-price history"
      hint={
        waiting === 0
          ? "every session has the prices that hold"
          : `${waitingWords(waiting)} with other prices than now hold`
      }
    >
      <div className="flex flex-col gap-3">
        {shown?.state === "working" ? (
          <Working last={shown} {...acts} />
        ) : (
          <Resting last={shown} {...acts} />
        )}
        {shown?.state === "working" || shown?.state === "done" ? (
          <DifferenceView item={shown} />
        ) : null}
        {error ? (
          <p role="alert" className="text-fail">
            {errorWords(error)}
          </p>
        ) : null}
      </div>
    </Panel>
  );
}

const MOST_COUNTED = 100_000;
const waitingWords = (waiting: number) =>
  `${waiting >= MOST_COUNTED ? "more than " : ""}${formatPlural(waiting, "session")}`;

type Acts = {
  waiting: number;
  isBusy: boolean;
  start: (kind: RepricingKind) => void;
  stop: (id: string) => void;
};

function Working({ last, isBusy, stop }: Acts & { last: RepricingItem }) {
  const { id, kind, done, sessions } = last;
  const what = kind === "preview" ? "Finding out what would change" : "Re-pricing";
  return (
    <div className="flex flex-wrap items-center gap-3">
      <div className="min-w-60 flex-1">
        <p role="status" className="pb-1">
          {what}
          {sessions > 0 ? `: ${formatCount(done)} of ${formatPlural(sessions, "session")}` : " …"}
        </p>
        <Progress label={what} value={sessions > 0 ? done / sessions : null} />
      </div>
      <Needs scope="admin">
        <Button disabled={isBusy} onClick={() => stop(id)}>
          Stop
        </Button>
      </Needs>
    </div>
  );
}

function Resting({ last, waiting, isBusy, start }: Acts & { last: RepricingItem | null }) {
  const isSeen = last?.kind === "preview" && last.state === "done";
  const preview = (
    <Button
      variant={isSeen ? "default" : "primary"}
      disabled={isBusy}
      onClick={() => start("preview")}
    >
      {isSeen ? "Preview again" : "Preview"}
    </Button>
  );
  return (
    <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
      <p className="min-w-60 flex-1">{restingWords(last, waiting)}</p>
      {waiting > 0 ? (
        <Needs scope="admin">
          <div className="flex flex-wrap gap-2">
            {isSeen ? (
              <Button variant="primary" disabled={isBusy} onClick={() => start("run")}>
                Re-price {waitingWords(waiting)}
              </Button>
            ) : null}
            {preview}
          </div>
        </Needs>
      ) : null}
    </div>
  );
}

function restingWords(last: RepricingItem | null, waiting: number): string {
  if (last?.state === "done") {
    const { kind, changed, done, kept } = last;
    const cost = `cost of ${formatPlural(changed, "session")}, of ${formatCount(done)} looked at`;
    const rest =
      kept === 0
        ? ""
        : ` ${formatPlural(kept, "session keeps its", "sessions keep their")} price: not all events are here any more.`;
    return kind === "preview"
      ? `Re-pricing would change the ${cost}.${rest}`
      : `Re-pricing has changed the ${cost}.${rest} Undo is the version before: make it hold again, and re-price.`;
  }
  const rest =
    waiting === 0 ? "" : " A preview tells what they would cost now, and changes nothing.";
  return last?.state === "stopped"
    ? `Stopped after ${formatPlural(last.done, "session")}.${rest}`
    : rest.trim();
}
