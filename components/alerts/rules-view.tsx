"use client";
import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { ReadyMadePanel } from "@/components/alerts/ready-made-panel";
import { RulesTable } from "@/components/alerts/rules-table";
import { useLiveInterval } from "@/components/shell/live";
import { Panel, QueryState } from "@/components/shell/panel";
import { useHref, useUrlState } from "@/components/shell/scope";
import { Needs } from "@/components/shell/viewer";
import { Button, buttonClass } from "@/components/ui/button";
import { Empty } from "@/components/ui/empty";
import { rulesList } from "@/lib/alerts/queries";
import type { RuleItem } from "@/lib/alerts/rules-schema";

const LIVE_MS = 10_000;

/** The rules and how they stand; while there is none, those worth having. */
export function RulesView() {
  const href = useHref();
  const { params, set } = useUrlState();
  const query = useQuery({ ...rulesList(), refetchInterval: useLiveInterval(LIVE_MS) });
  const own = query.data?.data.filter(({ builtin }) => !builtin);
  const isNone = own?.length === 0;
  const isOffered = isNone || params.get("ready") === "yes";
  return (
    <div className="flex flex-col gap-3 p-3 lg:p-4">
      <header className="flex min-h-8 flex-wrap items-center gap-x-3 gap-y-2">
        <h1 className="mr-auto text-lg font-semibold">Rules</h1>
        <Needs scope="write">
          {isNone ? null : (
            <Button
              aria-pressed={isOffered}
              variant={isOffered ? "chosen" : "default"}
              onClick={() => set({ ready: isOffered ? null : "yes" })}
            >
              Ready-made
            </Button>
          )}
          <Link href={href("/alerts/rules/new")} className={buttonClass("primary")}>
            New rule
          </Link>
        </Needs>
      </header>
      {isNone ? (
        <Panel>
          <Empty title="There is no rule yet.">
            A rule watches a metric, a session or a budget, and tells you before you look.
            <Needs scope="write"> Begin with one of these, or write your own.</Needs>
          </Empty>
        </Panel>
      ) : (
        <Panel flush>
          <QueryState query={query} what="The rules" height="min-h-60">
            {({ data }) => <RulesTable rules={builtinLast(data)} />}
          </QueryState>
        </Panel>
      )}
      <Needs scope="write">{isOffered ? <ReadyMadePanel /> : null}</Needs>
    </div>
  );
}

const builtinLast = (rules: readonly RuleItem[]) =>
  rules.toSorted((a, b) => Number(a.builtin) - Number(b.builtin));
