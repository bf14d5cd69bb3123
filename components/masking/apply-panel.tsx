"use client";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { ApplyFindings } from "@/components/masking/apply-findings";
import { errorWords, Panel } from "@/components/shell/panel";
import { Ago } from "@/components/shell/time";
import { Needs } from "@/components/shell/viewer";
import { Button } from "@/components/ui/button";
import { Progress } from "@/components/ui/progress";
import { formatCount, formatPlural } from "@/lib/format";
import { maskingRuns, startMaskingRun, stopMaskingRun } from "@/lib/masking/queries";
import type { MaskingRunItem, MaskingRunKind } from "@/lib/masking/runs-schema";

const WORKING_MS = 1_000;

/** What is stored already, by the rules that hold: first what they would change, then making it so. */
export function ApplyPanel({ revision, isDraft }: { revision: number; isDraft: boolean }) {
  const query = useQuery({
    ...maskingRuns(),
    refetchInterval: ({ state: { data } }) =>
      data?.last?.state === "working" ? WORKING_MS : false,
  });
  const client = useQueryClient();
  const refresh = () => client.invalidateQueries({ queryKey: maskingRuns().queryKey });
  const start = useMutation({
    mutationFn: (kind: MaskingRunKind) => startMaskingRun({ kind, revision }),
    onSuccess: refresh,
  });
  const stop = useMutation({ mutationFn: stopMaskingRun, onSuccess: refresh });
  const last = query.data?.last ?? null;
  const error = start.error ?? stop.error ?? query.error;
  const isBusy = start.isPending || stop.isPending;
  return (
    <Panel title="What is stored already" hint={hintOf(last, revision)}>
      <div className="flex flex-col gap-3">
        {last?.state === "working" ? (
          <Working last={last} isBusy={isBusy} stop={() => stop.mutate(last.id)} />
        ) : (
          <Resting
            last={last?.revision === revision ? last : null}
            {...{ isBusy, isDraft }}
            start={(kind) => start.mutate(kind)}
          />
        )}
        {error ? (
          <p role="alert" className="text-fail">
            {errorWords(error)}
          </p>
        ) : null}
      </div>
    </Panel>
  );
}

type WorkingProps = { last: MaskingRunItem; isBusy: boolean; stop: () => void };

function Working({ last, isBusy, stop }: WorkingProps) {
  const { kind, done, sessions } = last;
  const what = kind === "preview" ? "Finding out what would be masked" : "Masking what is stored";
  return (
    <>
      <div className="flex flex-wrap items-center gap-3">
        <div className="min-w-60 flex-1">
          <p role="status" className="pb-1">
            {what}
            {sessions > 0 ? `: ${formatCount(done)} of ${formatPlural(sessions, "session")}` : " …"}
          </p>
          <Progress label={what} value={sessions > 0 ? Math.min(1, done / sessions) : null} />
        </div>
        <Needs scope="admin">
          <Button disabled={isBusy} onClick={stop}>
            Stop
          </Button>
        </Needs>
      </div>
      <ApplyFindings run={last} />
    </>
  );
}

type RestingProps = {
  last: MaskingRunItem | null;
  isBusy: boolean;
  isDraft: boolean;
  start: (kind: MaskingRunKind) => void;
};

function Resting({ last, isBusy, isDraft, start }: RestingProps) {
  const isSeen = last?.kind === "preview" && last.state === "done" && !isDraft;
  const finds = isSeen && foundIn(last) > 0;
  return (
    <>
      <p className="max-w-3xl">
        {restingWords(last)}
        {last?.finished_at ? (
          <span className="text-ink-3">
            {" "}
            <Ago at={last.finished_at} />, for {last.asked_by}
          </span>
        ) : null}
      </p>
      {last && last.state !== "replaced" ? <ApplyFindings run={last} /> : null}
      <p className="max-w-3xl text-ink-2">
        What is masked cannot be brought back, and what was masked before stays masked. No figure
        changes. Sessions under a legal hold stay as they are until it is lifted; alerts, messages
        that were sent and the audit log are not looked through.
      </p>
      <Needs scope="admin">
        <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
          {finds ? (
            <Button variant="danger" disabled={isBusy} onClick={() => start("run")}>
              Mask {formatPlural(last.counts.sessions, "stored session")} for good
            </Button>
          ) : null}
          <Button disabled={isBusy || isDraft} onClick={() => start("preview")}>
            {isSeen ? "Look again" : "Find out what would be masked"}
          </Button>
          {isDraft ? <span className="text-sm text-ink-3">Save the rules first.</span> : null}
        </div>
      </Needs>
    </>
  );
}

function hintOf(last: MaskingRunItem | null, revision: number): string {
  const isDone = last?.kind === "run" && last.state === "done" && last.revision === revision;
  return isDone ? "masked by these rules" : "stays as it is until these rules are applied to it";
}

const foundIn = ({ counts }: MaskingRunItem) => counts.sessions + counts.objects + counts.rejected;

function restingWords(last: MaskingRunItem | null): string {
  if (last?.state === "stopped")
    return last.kind === "preview"
      ? `The look was stopped after ${formatPlural(last.done, "session")}`
      : `Stopped after ${formatPlural(last.done, "session")}; what was masked until then stays masked`;
  if (last?.state !== "done")
    return "A first look tells what would be masked, and changes nothing.";
  if (last.kind === "preview")
    return foundIn(last) === 0
      ? "The rules find nothing in what is stored"
      : "This is what would be masked";
  return foundIn(last) === 0 ? "There was nothing to mask" : "This was masked";
}
