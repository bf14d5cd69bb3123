import type { Issues } from "@/components/alerts/rule-body";
import type { Draft } from "@/components/alerts/rule-draft";

/** What every part of the builder gets: the draft, how to change it, and what is wrong with it. */
export type RuleForm = {
  draft: Draft;
  change: (fields: Partial<Draft>) => void;
  issues: Issues;
};

export const issueId = (path: string) => `issue-${path.replaceAll(".", "-")}`;

/** What is wrong with a field or with anything below it. */
export const issueAt = (issues: Issues, path: string): string | undefined =>
  issues[path] ?? Object.entries(issues).find(([at]) => at.startsWith(`${path}.`))?.[1];
