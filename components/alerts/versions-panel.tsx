"use client";
import { useQuery } from "@tanstack/react-query";
import { changesOf } from "@/components/alerts/rule-changes";
import { Panel, QueryState } from "@/components/shell/panel";
import { Time } from "@/components/shell/time";
import { Tag } from "@/components/ui/tag";
import { ruleVersions } from "@/lib/alerts/queries";
import type { RuleVersions } from "@/lib/alerts/rules-schema";

/** Who wrote it when, and what each version says otherwise than the one before. */
export function VersionsPanel({ id, version }: { id: string; version: number }) {
  const query = useQuery(ruleVersions(id));
  return (
    <Panel title="Versions" flush>
      <QueryState query={query} what="The versions" height="min-h-24">
        {({ data }) => <Versions versions={data} current={version} />}
      </QueryState>
    </Panel>
  );
}

type VersionsProps = { versions: RuleVersions["data"]; current: number };

function Versions({ versions, current }: VersionsProps) {
  const newest = versions.toSorted((a, b) => b.version - a.version);
  return (
    <ol>
      {newest.map((entry, at) => {
        const before = newest[at + 1];
        return (
          <li key={entry.version} className="flex flex-col gap-1 border-t px-3 py-2">
            <p className="flex flex-wrap items-center gap-x-2">
              <span className="font-medium">Version {entry.version}</span>
              {entry.version === current ? <Tag tone="ok">in force</Tag> : null}
              <span className="text-ink-2">by {entry.author}</span>
              <Time at={entry.created_at} className="ml-auto text-sm text-ink-3" />
            </p>
            {before ? (
              <Changes before={before} after={entry} />
            ) : (
              <p className="text-sm text-ink-3">as it was first written</p>
            )}
          </li>
        );
      })}
    </ol>
  );
}

type Entry = RuleVersions["data"][number];

function Changes({ before, after }: { before: Entry; after: Entry }) {
  const changes = changesOf(before.rule, after.rule);
  if (changes.length === 0) return <p className="text-sm text-ink-3">nothing else</p>;
  return (
    <ul className="flex flex-col text-sm">
      {changes.map(({ field, before: from, after: to }) => (
        <li key={field} className="wrap-anywhere">
          <span className="font-mono text-ink-3">{field}</span>{" "}
          <del className="text-fail">{from}</del> → <ins className="text-ok no-underline">{to}</ins>
        </li>
      ))}
    </ul>
  );
}
