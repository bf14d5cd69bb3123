"use client";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import Link from "next/link";
import { useState } from "react";
import { LabelList } from "@/components/alerts/label-list";
import { TestAnswer } from "@/components/notify/test-answer";
import { errorWords } from "@/components/shell/panel";
import { useHref } from "@/components/shell/scope";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import { Checkbox } from "@/components/ui/field";
import { Tag } from "@/components/ui/tag";
import { testRule } from "@/lib/alerts/queries";
import type { RuleItem, RuleTest, RuleTestAnswer } from "@/lib/alerts/rules-schema";
import { formatDuration, plain } from "@/lib/format";
import { NOTIFY } from "@/lib/notify/queries";

type RuleTestDialogProps = { rule: RuleItem; onClose: () => void };

/** Sends the rule's message as a test where its alerts go, and shows what each receiver says to it. */
export function RuleTestDialog({ rule, onClose }: RuleTestDialogProps) {
  const client = useQueryClient();
  const [escalation, setEscalation] = useState(false);
  const test = useMutation({
    mutationFn: (status: RuleTest["status"]) => testRule(rule.id, { status, escalation }),
    onSettled: () => client.invalidateQueries({ queryKey: NOTIFY }),
  });
  return (
    <Dialog
      open
      onOpenChange={(open) => open || onClose()}
      title={`Test ${rule.name}`}
      description="Its message goes at once, marked as a test, to every channel that its alerts go to. No alert is opened or closed, and silences do not hold it back. What is not saved yet is not in it."
      className="w-[min(36rem,calc(100vw-2rem))]"
      footer={
        <>
          <Button disabled={test.isPending} onClick={() => test.mutate("closed")}>
            Send a closing test
          </Button>
          <Button variant="primary" disabled={test.isPending} onClick={() => test.mutate("opened")}>
            {test.isPending ? "Sending…" : "Send test"}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-3">
        <Checkbox
          label="Also to those who are told only when nobody acknowledges it"
          checked={escalation}
          onChange={(event) => setEscalation(event.target.checked)}
        />
        <div role="status" className="flex flex-col gap-3 empty:hidden">
          {test.data ? <Answer answer={test.data} /> : null}
        </div>
        {test.error ? (
          <p role="alert" className="text-fail">
            {errorWords(test.error)}
          </p>
        ) : null}
      </div>
    </Dialog>
  );
}

const MADE_OF: Record<RuleTestAnswer["made_of"], string> = {
  episode: "As its newest episode was told",
  now: "Of what it finds now",
  nothing: "Of the rule alone: it finds nothing now",
};

function Answer({ answer }: { answer: RuleTestAnswer }) {
  const href = useHref();
  const { made_of, labels, names, silenced, targets } = answer;
  return (
    <>
      <p className="flex flex-wrap gap-x-2 text-ink-2">
        {MADE_OF[made_of]}
        <LabelList labels={labels} names={names} />
      </p>
      {silenced ? <p className="text-wait">A silence would hold a real one back now.</p> : null}
      {targets.length === 0 ? (
        <p className="text-wait">
          Nobody would be told: no route takes it, and there is no channel.{" "}
          <Link
            href={href("/alerts/channels")}
            className="underline decoration-line-strong underline-offset-2 hover:decoration-current"
          >
            Channels and routes
          </Link>
        </p>
      ) : (
        <ul className="flex flex-col divide-y border-y">
          {targets.map((target) => (
            <Target key={target.channel.id} {...target} />
          ))}
        </ul>
      )}
    </>
  );
}

function Target({ channel, route, after_ms, muted, test }: RuleTestAnswer["targets"][number]) {
  return (
    <li className="flex flex-col gap-1 py-2">
      <p className="flex flex-wrap items-center gap-x-2">
        <span className="font-medium wrap-anywhere">{plain(channel.name)}</span>
        <span className="text-ink-3">{route === null ? "no route" : `route ${route.name}`}</span>
        {muted ? <Tag tone="stop">muted now</Tag> : null}
      </p>
      {test ? (
        <TestAnswer answer={test} />
      ) : (
        <p className="text-ink-2">
          Told {formatDuration(after_ms)} later, if nobody acknowledges it: not tried.
        </p>
      )}
    </li>
  );
}
