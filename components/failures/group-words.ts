import { HIDDEN } from "@/components/shell/hidden-words";
import { QUIET_DAYS } from "@/lib/failures/marks";
import type { ErrorGroupItem } from "@/lib/failures/schema";
import { formatDuration } from "@/lib/format";

/** What marks mean, said on the screen. */
export const MARK_RULE = `New: not seen in any session before this range. Regressed: back after ${QUIET_DAYS} quiet days or more.`;

/** "bash", "list_issues of github", "model_overloaded_error". */
export function placeOf({ error_type, tool, mcp_server }: ErrorGroupItem): string {
  const what = tool ?? error_type ?? "";
  return mcp_server === null ? what : `${what} of ${mcp_server}`;
}

const KINDS = { session: "session error", tool: "failed call", workflow: "workflow error" };
export const kindOf = ({ kind }: ErrorGroupItem): string => KINDS[kind];

/** Without a message, what it is stands in its place. */
export const titleOf = (group: ErrorGroupItem): string =>
  group.message ||
  `${placeOf(group)}, ${group.message === null ? `message ${HIDDEN}` : "without a message"}`;

/** Why a group is marked, in words; null where it is not. */
export function markWords({ state, quiet_ms }: ErrorGroupItem): string | null {
  if (state === "new") return "New: not seen before this range.";
  if (state === "known") return null;
  return `Regressed: back after ${formatDuration(quiet_ms)} without it.`;
}
