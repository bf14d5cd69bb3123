"use client";
import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { factsOf, fleetQuestions, type ReadyMade, readyMade } from "@/components/alerts/ready-made";
import { ruleLink, ruleWords } from "@/components/alerts/rule-draft";
import { useRuleFacets } from "@/components/alerts/sentence-scope";
import { namesIn } from "@/components/sessions/filter-menu";
import { Panel, QueryState } from "@/components/shell/panel";
import { useHref } from "@/components/shell/scope";
import { buttonClass } from "@/components/ui/button";
import { budgetCoverage, budgets } from "@/lib/budgets/queries";
import { metricAnswers } from "@/lib/metrics/queries";

const MONTH_MS = 30 * 86_400_000;

/** Rules that fit this fleet, one press away from being looked at. */
export function ReadyMadePanel() {
  const answers = useQuery(
    metricAnswers("ready-made rules", async () => fleetQuestions(Date.now())),
  );
  const known = useQuery(budgets()).data?.data ?? [];
  const coverage = useQuery(
    budgetCoverage("ready-made rules", async () => {
      const now = Date.now();
      const [from, to] = [now - MONTH_MS, now].map((ms) => new Date(ms).toISOString());
      return new URLSearchParams({ from: from ?? "", to: to ?? "" });
    }),
  ).data;
  const nameOf = namesIn(useRuleFacets());
  const p95s = (coverage?.data ?? []).flatMap(({ p95_nanos }) => p95_nanos ?? []);
  const more = { budgets: known, p95Nanos: p95s.length === 0 ? null : Math.max(...p95s) };
  return (
    <Panel
      title="Ready-made rules"
      hint="with this fleet's own figures; nothing is saved before you say so"
    >
      <QueryState query={answers} what="This fleet's figures" height="min-h-60">
        {(data) => (
          <ul className="grid grid-cols-[repeat(auto-fill,minmax(min(100%,20rem),1fr))] gap-3">
            {readyMade(factsOf(data, more, (agent) => nameOf("agent", agent))).map((one) => (
              <Card key={one.id} one={one} />
            ))}
          </ul>
        )}
      </QueryState>
    </Panel>
  );
}

function Card({ one }: { one: ReadyMade }) {
  const href = useHref();
  return (
    <li className="flex min-w-0 flex-col gap-1 rounded-md border p-3">
      <h3 className="font-medium">{one.title}</h3>
      <p className="text-ink-2">{one.why}</p>
      <p className="text-sm wrap-anywhere text-ink-3">{ruleWords(one.rule)}</p>
      <Link
        href={href("/alerts/rules/new", ruleLink(one.rule))}
        aria-label={`Look at: ${one.title}`}
        className={`${buttonClass("default", "sm")} mt-1 self-start`}
      >
        Look at it
      </Link>
    </li>
  );
}
