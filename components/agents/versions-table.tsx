"use client";
import Link from "next/link";
import { overrideFilter, versionFilter } from "@/components/agents/agent-address";
import { perCompleted, perSession } from "@/components/agents/columns";
import { RateCell, rateScale } from "@/components/agents/rate-cell";
import { useHref } from "@/components/shell/scope";
import { Ago, Time } from "@/components/shell/time";
import { cx } from "@/components/ui/cx";
import { SCROLLABLE } from "@/components/ui/scrollable";
import type { AgentDetail, VersionItem } from "@/lib/agents/schema";
import { versionWords } from "@/lib/agents/words";
import { formatCount, formatDuration } from "@/lib/format";

const CELL = "h-9 border-b px-3 whitespace-nowrap";
const FIGURE = `${CELL} text-right`;
const NARROW = "max-md:hidden";
const HEADS = [
  ["Failure rate", "with its 95 % interval", false],
  ["Sessions", "started in the range, without overrides", false],
  ["Overridden", "sessions with overrides: in no figure beside it", true],
  ["Cost / session", "cost for each session started", true],
  ["Cost / completed", "what all that settled has cost, for each that completed", true],
  ["Turn p95", "19 of 20 turns were shorter", true],
  ["Published", "as its listing says", true],
  ["First used", "its first session, of all time", true],
  ["Last used", "of all time", true],
] as const;

/** Every version with what it came to; each leads to its sessions. */
export function VersionsTable({ agent }: { agent: AgentDetail }) {
  const max = rateScale(agent.versions);
  return (
    <div {...SCROLLABLE} className="overflow-x-auto border-t">
      <table aria-label="Versions" className="w-full">
        <thead>
          <tr className="text-sm text-ink-3">
            <th scope="col" className={cx(CELL, "h-8 text-left font-normal")}>
              Version
            </th>
            {HEADS.map(([label, title, narrow]) => (
              <th
                key={label}
                scope="col"
                title={title}
                className={cx(FIGURE, "h-8 font-normal", narrow && NARROW)}
              >
                {label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {agent.versions.map((version) => (
            <Row key={version.version} agent={agent.id} version={version} max={max} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Row({ agent, version, max }: { agent: string; version: VersionItem; max: number }) {
  const href = useHref();
  const { sessions, overridden, turn_p95_ms, own_by } = version;
  const setUp = [version.model, version.effort].filter((word) => word !== null).join(", ");
  const figures = [perSession(version), perCompleted(version), formatDuration(turn_p95_ms)];
  return (
    <tr className="relative hover:bg-hover">
      <th
        scope="row"
        className={cx(CELL, "text-left font-normal max-md:py-1.5 max-md:whitespace-normal")}
      >
        <Link
          href={href("/sessions", { ...versionFilter(agent, version.version), by: "started" })}
          className="after:absolute after:inset-0"
        >
          {versionWords(version.version)}
        </Link>{" "}
        <span className="text-sm text-ink-3">{setUp}</span>
        <span className="block text-sm whitespace-normal text-ink-3 md:hidden">
          {`${figures[0]} / session · ${figures[1]} / completed · p95 ${figures[2]}`}
        </span>
      </th>
      <td className={FIGURE}>
        <RateCell row={version} max={max} />
      </td>
      <td className={cx(FIGURE, sessions === 0 && "text-ink-3")}>{formatCount(sessions)}</td>
      <td className={cx(FIGURE, NARROW)}>
        {overridden === 0 ? (
          <span className="text-ink-3">0</span>
        ) : (
          <Link
            href={href("/sessions", overrideFilter(agent, version))}
            title={
              own_by === "published"
                ? "told from the version as it was published"
                : "told from what most sessions of the version ran"
            }
            className="relative z-10 underline decoration-line-strong underline-offset-2 hover:decoration-current"
          >
            {formatCount(overridden)}
          </Link>
        )}
      </td>
      {figures.map((text, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the columns stand still
        <td key={at} className={cx(FIGURE, NARROW, text === "–" && "text-ink-3")}>
          {text}
        </td>
      ))}
      <td className={cx(FIGURE, NARROW)}>
        <Time at={version.published_at} />
      </td>
      <td className={cx(FIGURE, NARROW)}>
        <Time at={version.first_used_at} />
      </td>
      <td className={cx(FIGURE, NARROW)}>
        <Ago at={version.last_used_at} />
      </td>
    </tr>
  );
}
