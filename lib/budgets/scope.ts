import type { MetricsQuery } from "@/lib/metrics/query-schema";

/** What a budget can be for, beside a metadata key. */
export const SCOPES = ["all", "agent", "environment", "deployment", "source"] as const;
const METADATA = "metadata.";

export type Scope = (typeof SCOPES)[number] | `metadata.${string}`;

export const isScope = (text: string): text is Scope =>
  SCOPES.some((scope) => scope === text) || /^metadata\..{1,64}$/s.test(text);

export type ScopeFilter = Pick<
  MetricsQuery,
  "agent" | "environment" | "deployment" | "source" | "metadata"
>;

/** The filter of metrics that a budget's part of the fleet is. */
export function filterOf(scope: string, value: string | null): ScopeFilter {
  if (value === null) return {};
  if (scope.startsWith(METADATA)) return { metadata: { [scope.slice(METADATA.length)]: value } };
  return { [scope]: [value] };
}
