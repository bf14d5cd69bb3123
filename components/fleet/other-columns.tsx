"use client";
import Link from "next/link";
import {
  COST,
  type Column,
  count,
  FAILED,
  LAST_USED,
  NONE,
  PER_SESSION,
  SESSIONS,
} from "@/components/fleet/columns";
import { useHref } from "@/components/shell/scope";
import { Ago, Time } from "@/components/shell/time";
import { cx } from "@/components/ui/cx";
import { Mark } from "@/components/ui/mark";
import { Tag } from "@/components/ui/tag";
import type {
  DeploymentItem,
  EnvironmentItem,
  Network,
  QueueItem,
  ResourceItem,
  RunItem,
} from "@/lib/fleet/schema";
import { formatCount, plain } from "@/lib/format";

/** Above the link that covers the row. */
const INNER = "relative z-10 hover:underline";

function LastRun({ run }: { run: RunItem | null }) {
  const href = useHref();
  if (!run) return NONE;
  const failed = run.error_type !== null;
  const words = (
    <span className="inline-flex items-center gap-1.5">
      <Mark
        shape={failed ? "cross" : "check"}
        tone={failed ? "fail" : "ok"}
        label={failed ? "Failed:" : "Started:"}
      />
      <Ago at={run.at} />
    </span>
  );
  if (run.session_id === null)
    return <span title={run.error_message ?? run.error_type ?? undefined}>{words}</span>;
  return (
    <Link href={href(`/sessions/${encodeURIComponent(run.session_id)}`)} className={INNER}>
      {words}
    </Link>
  );
}

function Schedule({ deployment }: { deployment: DeploymentItem }) {
  const { schedule, timezone, status } = deployment;
  const paused = status === "paused" ? <Tag tone="stop">paused</Tag> : null;
  return (
    <span className="flex min-w-0 items-center gap-1.5">
      {schedule === null ? (
        <span className="text-ink-3">started by people</span>
      ) : (
        <span className="truncate" title={`${schedule} ${timezone ?? ""}`}>
          <code className="font-mono text-sm">{schedule}</code>{" "}
          <span className="text-sm text-ink-3">{timezone}</span>
        </span>
      )}
      {paused}
    </span>
  );
}

export const DEPLOYMENT_COLUMNS: readonly Column<DeploymentItem>[] = [
  {
    id: "schedule",
    label: "Schedule",
    width: 220,
    cell: (row) => <Schedule deployment={row} />,
  },
  {
    id: "agent",
    label: "Agent",
    width: 164,
    cell: ({ agent }) =>
      agent === null ? (
        NONE
      ) : (
        <span className="truncate">
          {plain(agent.name ?? agent.id)}
          {agent.version === null ? "" : ` v${agent.version}`}
        </span>
      ),
  },
  {
    id: "next",
    label: "Next run",
    width: 108,
    right: true,
    cell: ({ next_run_at }) => (next_run_at === null ? NONE : <Time at={next_run_at} />),
  },
  {
    id: "last",
    label: "Last run",
    width: 100,
    right: true,
    cell: ({ last_run }) => <LastRun run={last_run} />,
  },
  {
    id: "runs",
    label: "Failed runs",
    width: 96,
    right: true,
    cell: ({ runs, failed_runs }) =>
      runs === 0 ? (
        NONE
      ) : (
        <span className={cx(failed_runs > 0 && "text-fail")}>
          {formatCount(failed_runs)}
          <span className="text-sm text-ink-3">/{formatCount(runs)}</span>
        </span>
      ),
  },
  SESSIONS,
  FAILED,
  COST,
];

/** What a session in an environment may reach. */
export function NetworkWords({ network }: { network: Network }) {
  switch (network.kind) {
    case "unrestricted":
      return <Mark shape="query" tone="wait" word="any host" />;
    case "own":
      return <span className="text-ink-2">your own machines</span>;
    case "unknown":
      return NONE;
    case "limited": {
      const { allowed_hosts, mcp_servers, package_managers } = network;
      const also = [
        ...(mcp_servers ? ["MCP servers"] : []),
        ...(package_managers ? ["package registries"] : []),
      ];
      const hosts = `${formatCount(allowed_hosts.length)} ${allowed_hosts.length === 1 ? "host" : "hosts"}`;
      const words = [hosts, ...also].join(", ");
      return (
        <span className="truncate" title={[...allowed_hosts, ...also].join(", ") || undefined}>
          {words}
        </span>
      );
    }
  }
}

function Queue({ queue }: { queue: QueueItem | null }) {
  if (!queue) return NONE;
  const { depth, workers_polling, read_at } = queue;
  const workers = workers_polling === null ? "?" : formatCount(workers_polling);
  const isAlone = depth > 0 && workers_polling === 0;
  return (
    <span className={cx("truncate", isAlone && "text-fail")} title={`read at ${read_at}`}>
      {formatCount(depth)} waiting, {workers} polling
    </span>
  );
}

export const ENVIRONMENT_COLUMNS: readonly Column<EnvironmentItem>[] = [
  {
    id: "network",
    label: "Network",
    width: 220,
    cell: ({ network }) => <NetworkWords network={network} />,
  },
  { id: "queue", label: "Queue", width: 168, cell: ({ queue }) => <Queue queue={queue} /> },
  { id: "agents", label: "Agents", width: 68, right: true, cell: (row) => count(row.agents) },
  LAST_USED,
  SESSIONS,
  FAILED,
  COST,
  PER_SESSION,
];

function Users({ resource }: { resource: ResourceItem }) {
  const href = useHref();
  const { agents, agents_total } = resource;
  if (agents.length === 0) return NONE;
  // Agents that were made for one run each have one name.
  const named = new Map<string, string[]>();
  for (const { id, name } of agents) named.set(name ?? id, [...(named.get(name ?? id) ?? []), id]);
  return (
    <span className="truncate">
      {[...named].map(([name, ids], i) => (
        <span key={name}>
          {i > 0 ? ", " : ""}
          <Link href={href("/sessions", { agent: ids, by: "started" })} className={INNER}>
            {name}
          </Link>
        </span>
      ))}
      {agents_total > agents.length ? ` and ${formatCount(agents_total - agents.length)} more` : ""}
    </span>
  );
}

export const RESOURCE_COLUMNS: readonly Column<ResourceItem>[] = [
  {
    id: "kind",
    label: "Kind",
    width: 116,
    cell: ({ kind }) => (kind === "vault" ? "Vault" : "Memory store"),
  },
  {
    id: "agents",
    label: "Used by agents",
    width: 320,
    cell: (row) => <Users resource={row} />,
  },
  {
    id: "deployments",
    label: "Deployments",
    width: 100,
    right: true,
    cell: (row) => count(row.deployments),
  },
  LAST_USED,
  SESSIONS,
  FAILED,
  COST,
];
