"use client";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Copy, Pause, Play, Send, Trash2 } from "lucide-react";
import Link from "next/link";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { writtenOf } from "@/components/alerts/rule-changes";
import { ruleLink } from "@/components/alerts/rule-draft";
import { RuleTestDialog } from "@/components/alerts/rule-test-dialog";
import { errorWords } from "@/components/shell/panel";
import { useHref } from "@/components/shell/scope";
import { Needs } from "@/components/shell/viewer";
import { Button, buttonClass } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import { Tag } from "@/components/ui/tag";
import { ALERTS, deleteRule, pauseRule, ruleDetail } from "@/lib/alerts/queries";
import type { RuleItem } from "@/lib/alerts/rules-schema";
import { formatPlural } from "@/lib/format";

export function usePause(rule: RuleItem) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => pauseRule(rule.id, !rule.paused),
    onSuccess: (next) => {
      client.setQueryData(ruleDetail(rule.id).queryKey, next);
      return client.invalidateQueries({ queryKey: ALERTS });
    },
  });
}

/** The copy's name says what it is. */
export const copyOf = (rule: RuleItem) =>
  ruleLink({ ...writtenOf(rule), name: `Copy of ${rule.name}`.slice(0, 120), paused: false });

/** Pause, test, duplicate, delete. */
export function RuleActions({ rule }: { rule: RuleItem }) {
  const href = useHref();
  const router = useRouter();
  const pause = usePause(rule);
  const [isAsked, setAsked] = useState(false);
  const [isTesting, setTesting] = useState(false);
  return (
    <div className="flex flex-wrap items-center gap-2">
      {rule.builtin ? (
        <Tag title="About Watchkeeper itself: always on, and not to be deleted">built in</Tag>
      ) : null}
      <Needs scope="write">
        {rule.builtin ? null : (
          <Button disabled={pause.isPending} onClick={() => pause.mutate()}>
            {rule.paused ? <Play size={14} aria-hidden /> : <Pause size={14} aria-hidden />}
            {rule.paused ? "Resume" : "Pause"}
          </Button>
        )}
        <Button onClick={() => setTesting(true)}>
          <Send size={14} aria-hidden />
          Test…
        </Button>
        {rule.builtin ? null : (
          <>
            <Link href={href("/alerts/rules/new", copyOf(rule))} className={buttonClass()}>
              <Copy size={14} aria-hidden />
              Duplicate
            </Link>
            <Button variant="danger" onClick={() => setAsked(true)}>
              <Trash2 size={14} aria-hidden />
              Delete…
            </Button>
          </>
        )}
      </Needs>
      {pause.error ? (
        <p role="alert" className="w-full text-fail">
          {errorWords(pause.error)}
        </p>
      ) : null}
      {isTesting ? <RuleTestDialog rule={rule} onClose={() => setTesting(false)} /> : null}
      {isAsked ? (
        <DeleteDialog
          rule={rule}
          onClose={() => setAsked(false)}
          onDeleted={() => router.push(href("/alerts/rules"))}
        />
      ) : null}
    </div>
  );
}

type DeleteDialogProps = { rule: RuleItem; onClose: () => void; onDeleted: () => void };

export function DeleteDialog({ rule, onClose, onDeleted }: DeleteDialogProps) {
  const client = useQueryClient();
  const remove = useMutation({
    mutationFn: () => deleteRule(rule.id),
    onSuccess: async () => {
      onDeleted();
      client.removeQueries({ queryKey: ruleDetail(rule.id).queryKey, type: "inactive" });
      await client.invalidateQueries({ queryKey: [...ALERTS, "rules"] });
    },
  });
  const open = rule.firing;
  return (
    <Dialog
      open
      onOpenChange={(isOpen) => isOpen || onClose()}
      title={`Delete ${rule.name}?`}
      description={
        open > 0
          ? `${formatPlural(open, "alert")} of it ${open === 1 ? "fires" : "fire"} and will be closed. Its episodes stay to be read.`
          : "Its episodes stay to be read."
      }
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button variant="danger" disabled={remove.isPending} onClick={() => remove.mutate()}>
            Delete rule
          </Button>
        </>
      }
    >
      {remove.error ? (
        <p role="alert" className="text-fail">
          {errorWords(remove.error)}
        </p>
      ) : null}
    </Dialog>
  );
}
