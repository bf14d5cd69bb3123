"use client";
import { useQuery } from "@tanstack/react-query";
import { GroupMenu } from "@/components/alerts/group-menu";
import { groupOptions } from "@/components/alerts/rule-choices";
import type { RuleForm } from "@/components/alerts/rule-form";
import { dimensionWords } from "@/components/alerts/words";
import { isMetricFilter } from "@/components/metrics/asked";
import { MetricFilters } from "@/components/metrics/metric-filters";
import { namesIn } from "@/components/sessions/filter-menu";
import { Tag } from "@/components/ui/tag";
import { sessionCounts } from "@/lib/sessions/queries";

const MONTH_MS = 30 * 86_400_000;

/** What there was in the last month to filter by. */
export function useRuleFacets() {
  const params = () => new URLSearchParams({ from: new Date(Date.now() - MONTH_MS).toISOString() });
  return useQuery(sessionCounts("rules of a month", params)).data?.facets;
}

/** "of all sessions", or of those that filters leave. */
export function OfSessions({ form }: { form: RuleForm }) {
  const { draft, change } = form;
  const facets = useRuleFacets();
  const params = new URLSearchParams(
    Object.entries(draft.filters).flatMap(([name, values]) =>
      values.map((value): [string, string] => [name, value]),
    ),
  );
  const others = Object.entries(draft.filters).filter(([name]) => !isMetricFilter(name));
  const set = (changes: Record<string, string | readonly string[] | null>) => {
    const next = { ...draft.filters };
    for (const [name, value] of Object.entries(changes)) {
      const values = value === null ? [] : [value].flat();
      if (values.length === 0) delete next[name];
      else next[name] = [...values];
    }
    change({ filters: next });
  };
  return (
    <>
      <span>{params.size === 0 ? "of all sessions" : "of sessions with"}</span>
      <MetricFilters params={params} facets={facets} nameOf={namesIn(facets)} set={set} />
      {others.map(([name, values]) => (
        <Tag key={name}>
          {dimensionWords(name)} {values.join(", ")}
        </Tag>
      ))}
    </>
  );
}

/** "one alert for each agent". */
export function ByGroups({ form }: { form: RuleForm }) {
  const { draft, change } = form;
  const metadata = (useRuleFacets()?.metadata ?? []).map(({ key }) => key);
  return (
    <>
      <span>by</span>
      <GroupMenu
        value={draft.group_by}
        options={groupOptions(draft, metadata)}
        onChange={(group_by) => change({ group_by })}
      />
    </>
  );
}
