"use client";
import {
  COST,
  type Column,
  FAILED,
  LAST_USED,
  NONE,
  PER_SESSION,
  SESSIONS,
} from "@/components/fleet/columns";
import { Tag } from "@/components/ui/tag";
import type { AgentItem, Retirement } from "@/lib/fleet/schema";
import { formatCount, plain } from "@/lib/format";

/** "retired", "retires in 5 d", with the day and who says so on hover. */
export function RetirementTag({ retirement }: { retirement: Retirement | null }) {
  if (!retirement) return null;
  const { model, retired, retires_at, days_left, source } = retirement;
  const on = retires_at === null ? "" : ` on ${retires_at.slice(0, 10)}`;
  return (
    <Tag
      tone={retired || (days_left ?? 0) <= 30 ? "fail" : "wait"}
      title={`${model} ${retired ? "retired" : "retires"}${on}, says ${source}`}
    >
      {retired ? "retired" : `retires in ${formatCount(Math.max(0, days_left ?? 0))} d`}
    </Tag>
  );
}

export const AGENT_COLUMNS: readonly Column<AgentItem>[] = [
  {
    id: "model",
    label: "Model",
    width: 236,
    cell: ({ model, retirement }) =>
      model === null ? (
        NONE
      ) : (
        <span className="flex min-w-0 items-center gap-1.5">
          <span className="truncate">{model}</span>
          <RetirementTag retirement={retirement} />
        </span>
      ),
  },
  LAST_USED,
  SESSIONS,
  FAILED,
  COST,
  PER_SESSION,
];

export function agentTitle({ name, id, version, made_for_runs }: AgentItem): string {
  const title = plain(name ?? id);
  if (made_for_runs > 0) return `${title} and ${formatCount(made_for_runs - 1)} like it`;
  return version === null ? title : `${title} v${version}`;
}
