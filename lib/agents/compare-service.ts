import { invalidField } from "@/lib/http/errors";
import { Z95 } from "@/lib/metrics/wilson";
import { configDiff } from "./config-diff";
import { NO_FIGURES } from "./figures";
import { type At, readFigures, readTurnQuantiles } from "./figures-service";
import { quantileShares, Z99 } from "./intervals";
import { pinAdvice } from "./pin";
import type { AgentFigures, ComparedFigure, CompareQuery, Comparison } from "./schema";
import { readDeployed, readSpread } from "./store";
import {
  type CostSample,
  compareCosts,
  compareQuantiles,
  compareRates,
  overallOf,
  type QuantileSample,
} from "./verdict";
import { ownConfigs, ownFilter, readVersions, type Version } from "./versions-service";
import { verdictWords } from "./words";

type Span = { from: string; to: string };

/** Everything that is compared of one version. */
type Sample = {
  figures: AgentFigures;
  /** Sessions that are to be derived anew after an update: until they are, nothing is beyond doubt. */
  outdated: number;
  perCompleted: CostSample;
  perSession: CostSample;
  turns: QuantileSample;
};

/** Two versions of an agent: what differs in what they are set up with, and in what came of it. */
export async function compareVersions(
  workspace: string,
  agent: string,
  { query, span }: { query: Pick<CompareQuery, "base" | "version">; span: Span },
  at: At,
): Promise<Comparison> {
  if (query.base === query.version)
    throw invalidField("version", "expected another version than `base`");
  const { all } = await readVersions(workspace, agent, span, at);
  const named = (field: "base" | "version") => {
    const found = all.find(({ version }) => version === query[field]);
    const known = all.map(({ version }) => version).slice(0, 10);
    if (!found)
      throw invalidField(field, `the agent has no such version; it has ${known.join(", ")}`);
    return found;
  };
  const [base, version] = [named("base"), named("version")];
  const [from, to] = await Promise.all(
    [base, version].map((one) => readSample(workspace, agent, { version: one, span }, at)),
  );
  if (!from || !to) throw new Error("two samples of two versions");
  const figures = figuresOf(from, to);
  const { verdict, needed } = overallOf(figures);
  const newest = all[0]?.version;
  const side = (one: Version, { figures: { sessions } }: Sample) => ({
    ...{ version: one.version, sessions, overridden: one.overridden },
    is_newest: one.version === newest,
  });
  const judged = { base: side(base, from), version: side(version, to), figures, verdict, needed };
  return {
    ...judged,
    changes:
      base.own.config && version.own.config
        ? configDiff(base.own.config, version.own.config)
        : null,
    sentence: verdictWords(judged),
    pin: from.outdated + to.outdated > 0 ? null : await pinOf(workspace, agent, judged, at),
  };
}

function figuresOf(from: Sample, to: Sample): ComparedFigure[] {
  return [
    compareRates(from.figures, to.figures),
    compareCosts("cost_per_completed_session", from.perCompleted, to.perCompleted),
    compareCosts("cost_per_session", from.perSession, to.perSession),
    compareQuantiles(from.turns, to.turns),
  ];
}

async function readSample(
  workspace: string,
  agent: string,
  { version, span }: { version: Version; span: Span },
  at: At,
): Promise<Sample> {
  const filter = ownFilter(agent, version);
  const hashes = ownConfigs(version);
  const [{ figures: all, outdated }, spread] = await Promise.all([
    readFigures(workspace, { ...span, filter }, at),
    readSpread(at.db, workspace, { agent, version: version.version, hashes }, span),
  ]);
  const figures = all.get("") ?? NO_FIGURES;
  const { settled_cost_nanos: cost, completed, settled } = figures;
  const over = (count: number) => (count === 0 ? null : cost / count);
  // Of all sessions each counts.
  const each = { ...spread, counted: spread.sessions, countedCost: spread.cost };
  return {
    ...{ figures, outdated },
    perCompleted: { value: over(completed), spread },
    perSession: { value: over(settled), spread: each },
    turns: await readTurns(workspace, { ...span, filter }, figures, at),
  };
}

/**
 * Turns of one session resemble each other: an interval is as wide as if there were one of each.
 */
async function readTurns(
  workspace: string,
  of: Span & { filter: ReturnType<typeof ownFilter> },
  { settled: size, turn_p95_ms: value }: AgentFigures,
  at: At,
): Promise<QuantileSample> {
  const shares = [Z95, Z99].map((z) => quantileShares(0.95, size, z));
  const asked = shares.flatMap((one) => (one ? [one.low, one.high] : []));
  const found = await readTurnQuantiles(workspace, { ...of, shares: asked }, at);
  const within = (place: number): [number, number] | null => {
    const [low, high] = found.slice(place * 2, place * 2 + 2);
    return low == null || high == null ? null : [low, high];
  };
  return { value, size, within95: within(0), within99: within(1) };
}

/** Only the newest version can be stayed away from; what is worse of an older one is history. */
async function pinOf(
  workspace: string,
  agent: string,
  { base, version, verdict }: Pick<Comparison, "base" | "version" | "verdict">,
  { db }: At,
): Promise<Comparison["pin"]> {
  if (verdict !== "worse" || !version.is_newest || base.version === "") return null;
  const deployments = await readDeployed(db, workspace, agent, version.version);
  return pinAdvice({ agent, version: base.version, worse: version.version, deployments });
}
