"use client";
import Link from "next/link";
import { Cost, count, Failed, NONE } from "@/components/fleet/columns";
import { useHref } from "@/components/shell/scope";
import { Ago, Time } from "@/components/shell/time";
import { cx } from "@/components/ui/cx";
import type { AgentItem, AgentVersionItem } from "@/lib/fleet/schema";
import { formatCompact, formatCount, formatPlural } from "@/lib/format";

const CELL = "h-8 px-2 whitespace-nowrap";
const FIGURE = `${CELL} text-right`;
const HEADS = [
  ["Version", false],
  ["Model", false],
  ["Tools", false],
  ["Prompt", true],
  ["Published", true],
  ["Last used", true],
  ["Sessions", true],
  ["Failed", true],
  ["Cost", true],
] as const;

/** Every version of an agent with what it was used for; each leads to its sessions. */
export function Versions({ agent }: { agent: AgentItem }) {
  const { versions, versions_total } = agent;
  return (
    <div className="overflow-x-auto px-3 py-2 lg:px-9">
      <table aria-label={`Versions of ${agent.name ?? agent.id}`} className="w-full">
        <thead>
          <tr className="text-sm text-ink-3">
            {HEADS.map(([label, right]) => (
              <th
                key={label}
                scope="col"
                className={cx(CELL, "font-normal", right ? "text-right" : "text-left")}
              >
                {label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {versions.map((version, i) => (
            <VersionRow
              key={version.version}
              agent={agent}
              version={version}
              before={versions[i + 1]}
            />
          ))}
        </tbody>
      </table>
      {versions_total > versions.length ? (
        <p className="px-2 py-1 text-sm text-ink-3">
          The newest {formatCount(versions.length)} of {formatPlural(versions_total, "version")}.
        </p>
      ) : null}
    </div>
  );
}

function VersionRow({
  agent,
  version,
  before,
}: {
  agent: AgentItem;
  version: AgentVersionItem;
  before: AgentVersionItem | undefined;
}) {
  const href = useHref();
  const { tools, system_chars, system_hash } = version;
  const isSamePrompt = before !== undefined && system_hash === before.system_hash;
  const filter = { agent: agent.id, agent_version: version.version, by: "started" };
  return (
    <tr className="relative hover:bg-hover">
      <th scope="row" className={cx(CELL, "text-left font-normal")}>
        <Link href={href("/sessions", filter)} className="after:absolute after:inset-0">
          {version.version === "" ? "without a version" : `v${version.version}`}
        </Link>
      </th>
      <td className={CELL}>{version.model ?? NONE}</td>
      <td className={CELL} title={tools.join(", ") || undefined}>
        {tools.length === 0 ? NONE : formatPlural(tools.length, "tool")}
      </td>
      <td className={FIGURE} title={system_hash ?? undefined}>
        {system_chars === null ? NONE : `${formatCompact(system_chars)} chars`}
        {isSamePrompt && system_chars !== null ? (
          <span className="text-sm text-ink-3"> same</span>
        ) : null}
      </td>
      <td className={FIGURE}>
        <Time at={version.published_at} />
      </td>
      <td className={FIGURE}>
        <Ago at={version.last_used_at} />
      </td>
      <td className={FIGURE}>{count(version.sessions)}</td>
      <td className={FIGURE}>
        <Failed row={version} />
      </td>
      <td className={FIGURE}>
        <Cost row={version} />
      </td>
    </tr>
  );
}
