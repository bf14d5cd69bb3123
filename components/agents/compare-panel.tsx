"use client";
import { useQuery } from "@tanstack/react-query";
import dynamic from "next/dynamic";
import { comparedIn, compareKeyOf, compareParamsOf } from "@/components/agents/agent-address";
import { ComparedFigures } from "@/components/agents/compared-figures";
import { PinPanel } from "@/components/agents/pin-panel";
import { useLiveInterval } from "@/components/shell/live";
import { Panel, QueryState } from "@/components/shell/panel";
import { useUrlState } from "@/components/shell/scope";
import { cx } from "@/components/ui/cx";
import { Empty } from "@/components/ui/empty";
import { Select } from "@/components/ui/field";
import { Mark, type Shape, TONE_SOFT, type Tone } from "@/components/ui/mark";
import { Skeleton } from "@/components/ui/skeleton";
import { agentComparison } from "@/lib/agents/queries";
import type { AgentDetail, Comparison, VerdictKind } from "@/lib/agents/schema";
import { versionWords } from "@/lib/agents/words";
import { formatCount, formatPlural } from "@/lib/format";

const ConfigChanges = dynamic(() => import("@/components/agents/config-changes"), {
  loading: () => <Skeleton className="m-3 h-40" />,
});

const LIVE_MS = 60_000;

/** Any two versions side by side: what was changed, and what came of it. */
export function ComparePanel({ agent }: { agent: AgentDetail }) {
  const { params, set } = useUrlState();
  const now = new URLSearchParams(params);
  const pair = comparedIn(now, agent);
  if (!pair)
    return (
      <Panel title="Compare versions">
        <Empty title="There is one version so far">
          As soon as a session runs another, both stand here side by side.
        </Empty>
      </Panel>
    );
  return (
    <Panel
      title="Compare versions"
      hint="own sessions of each, without those with overrides"
      actions={<Choice agent={agent} pair={pair} onChange={(next) => set(next)} />}
      flush
    >
      <Compared agent={agent.id} pair={pair} />
    </Panel>
  );
}

type Pair = { base: string; version: string };
type ChoiceProps = { agent: AgentDetail; pair: Pair; onChange: (pair: Pair) => void };

function Choice({ agent, pair, onChange }: ChoiceProps) {
  const select = (name: keyof Pair, label: string, other: string) => (
    <Select
      quiet
      aria-label={label}
      value={pair[name]}
      onChange={({ target }) => onChange({ ...pair, [name]: target.value })}
    >
      {agent.versions.map(({ version, sessions }) => (
        <option key={version} value={version} disabled={version === other}>
          {versionWords(version)} ({formatCount(sessions)})
        </option>
      ))}
    </Select>
  );
  return (
    <span className="flex items-center gap-1.5">
      {select("base", "Compare version", pair.version)}
      <span className="text-ink-3">with</span>
      {select("version", "with version", pair.base)}
    </span>
  );
}

function Compared({ agent, pair }: { agent: string; pair: Pair }) {
  const { params } = useUrlState();
  const refetchInterval = useLiveInterval(LIVE_MS);
  const now = new URLSearchParams(params);
  const query = useQuery({
    ...agentComparison(agent, compareKeyOf(now, pair), () =>
      compareParamsOf(now, pair, Date.now()),
    ),
    refetchInterval,
  });
  return (
    <QueryState query={query} what="The comparison" height="min-h-96">
      {(comparison) => (
        <>
          <Verdict comparison={comparison} />
          {comparison.pin ? <PinPanel pin={comparison.pin} /> : null}
          <div className="grid grid-cols-1 border-t lg:grid-cols-2">
            <section aria-label="Configuration" className="min-w-0 max-lg:border-b lg:border-r">
              <h3 className="px-3 pt-2 font-medium">What was changed</h3>
              <ConfigChanges changes={comparison.changes} />
            </section>
            <section aria-label="Figures" className="min-w-0">
              <h3 className="px-3 pt-2 font-medium">What came of it</h3>
              <ComparedFigures comparison={comparison} />
            </section>
          </div>
        </>
      )}
    </QueryState>
  );
}

const LOOKS: Record<VerdictKind, { shape: Shape; tone: Tone; word: string }> = {
  better: { shape: "check", tone: "ok", word: "Better" },
  worse: { shape: "cross", tone: "fail", word: "Worse" },
  mixed: { shape: "query", tone: "wait", word: "Both" },
  alike: { shape: "ring", tone: "quiet", word: "No difference" },
  not_enough: { shape: "hourglass", tone: "wait", word: "Not enough data yet" },
};

function Verdict({ comparison }: { comparison: Comparison }) {
  const { verdict, sentence, base, version } = comparison;
  const { shape, tone, word } = LOOKS[verdict];
  const left = [base, version]
    .filter(({ overridden }) => overridden > 0)
    .map((one) => `${formatPlural(one.overridden, "session")} of ${versionWords(one.version)}`);
  return (
    <div className={cx("mx-3 mb-3 rounded-md px-3 py-2", TONE_SOFT[tone])}>
      <p className="flex flex-wrap items-center gap-x-3">
        <Mark shape={shape} tone={tone} word={word} className="font-medium" />
        <span className="min-w-0 text-ink">{sentence}</span>
      </p>
      {left.length > 0 ? (
        <p className="text-sm text-ink-2">Left out for their overrides: {left.join(", ")}.</p>
      ) : null}
    </div>
  );
}
