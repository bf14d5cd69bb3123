"use client";
import { useQuery } from "@tanstack/react-query";
import { useRef } from "react";
import { agentPath } from "@/components/agents/path";
import { addressOf, rangeKeyOf, rangeParams, sortingUrl } from "@/components/fleet/address";
import { AGENT_COLUMNS, agentTitle } from "@/components/fleet/agent-columns";
import { FleetList } from "@/components/fleet/fleet-list";
import {
  DEPLOYMENT_COLUMNS,
  ENVIRONMENT_COLUMNS,
  RESOURCE_COLUMNS,
} from "@/components/fleet/other-columns";
import { SortSelect } from "@/components/fleet/sort-select";
import { Tallies } from "@/components/fleet/tallies";
import { useFleetKeys } from "@/components/fleet/use-fleet-keys";
import { useHref, useScope, useUrlState } from "@/components/shell/scope";
import { SearchBox } from "@/components/ui/search-box";
import { Tabs } from "@/components/ui/tabs";
import { ORPHAN_WORDS } from "@/lib/fleet/orphans";
import { fleetSummary } from "@/lib/fleet/queries";
import type {
  AgentItem,
  DeploymentItem,
  EnvironmentItem,
  FleetSummary,
  ResourceItem,
} from "@/lib/fleet/schema";
import type { FleetKind } from "@/lib/fleet/words";
import { formatCount, formatInstant } from "@/lib/format";
import { rangeWords } from "@/lib/time/range";

const TABS: ReadonlyArray<{ id: FleetKind; label: string }> = [
  { id: "agents", label: "Agents" },
  { id: "deployments", label: "Deployments" },
  { id: "environments", label: "Environments" },
  { id: "resources", label: "Vaults and memory" },
];

const plainTitle = ({ name, id }: { name: string | null; id: string }) => name ?? id;

/** What there is, what it is used for, and what should be done about it. */
export function FleetView() {
  const { params, set } = useUrlState();
  const { scope, tz } = useScope();
  const searchRef = useRef<HTMLInputElement>(null);
  const now = new URLSearchParams(params);
  const { kind, q, sort } = addressOf(now);
  const summary = useQuery(fleetSummary(rangeKeyOf(now), () => rangeParams(now, Date.now()))).data;
  useFleetKeys(searchRef);
  const words = rangeWords(scope.range, (ms) => formatInstant(ms, tz, "dayMinute"));
  const tabs = TABS.map((tab) => ({ ...tab, count: countOf(summary?.[tab.id]) }));
  return (
    <div className="flex flex-col gap-3 p-3 lg:p-4">
      <header className="flex flex-wrap items-center gap-x-3 gap-y-2">
        <h1 className="text-lg font-semibold">
          Fleet <span className="text-base font-normal text-ink-3">use and cost: {words}</span>
        </h1>
        <search className="flex flex-1 flex-wrap items-center justify-end gap-2">
          <SearchBox
            label="Search names and ids"
            placeholder="Search names, ids"
            value={q}
            inputRef={searchRef}
            onChange={(text) => set({ q: text || null }, { replace: true })}
          />
          <SortSelect
            sort={sort}
            onSort={(next) => set(sortingUrl(next, next === "name" ? "asc" : "desc"))}
          />
        </search>
      </header>
      <section aria-label="Fleet" className="min-w-0 rounded-lg border bg-surface">
        <Tabs
          label="Kinds"
          items={tabs}
          value={kind}
          onChange={(id) => set({ kind: id === "agents" ? null : id })}
        >
          <Tallies tally={summary?.[kind]} />
          <div className="overflow-x-auto">
            <Kind key={kind} kind={kind} />
          </div>
        </Tabs>
      </section>
    </div>
  );
}

/** "14", and how many of them cannot wait. */
function countOf(tally: FleetSummary["agents"] | undefined): string {
  if (tally === undefined) return "";
  const total = formatCount(tally.total);
  return tally.act === 0 ? total : `${total} · ${formatCount(tally.act)} to act on`;
}

function Kind({ kind }: { kind: FleetKind }) {
  const href = useHref();
  const sessions = (filter: Record<string, string | readonly string[]>) =>
    href("/sessions", { ...filter, by: "started" });
  switch (kind) {
    case "agents":
      return (
        <FleetList<AgentItem>
          kind={kind}
          label="Agent"
          columns={AGENT_COLUMNS}
          titleOf={agentTitle}
          hrefOf={({ id, agent_ids, made_for_runs }) =>
            made_for_runs > 0 ? sessions({ agent: agent_ids }) : href(agentPath(id))
          }
          note={(rows) => (rows.some((row) => row.made_for_runs > 0) ? ORPHAN_WORDS : null)}
        />
      );
    case "deployments":
      return (
        <FleetList<DeploymentItem>
          kind={kind}
          label="Deployment"
          columns={DEPLOYMENT_COLUMNS}
          titleOf={plainTitle}
          hrefOf={({ id }) => sessions({ deployment: id })}
        />
      );
    case "environments":
      return (
        <FleetList<EnvironmentItem>
          kind={kind}
          label="Environment"
          columns={ENVIRONMENT_COLUMNS}
          titleOf={plainTitle}
          hrefOf={({ id }) => sessions({ environment: id })}
        />
      );
    case "resources":
      return (
        <FleetList<ResourceItem>
          kind={kind}
          label="Vault or memory store"
          columns={RESOURCE_COLUMNS}
          titleOf={plainTitle}
          hrefOf={() => null}
        />
      );
  }
}
