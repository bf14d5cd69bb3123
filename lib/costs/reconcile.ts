import { apportionWrites, type WriteSplit } from "@/lib/costs/apportion";
import type { DriftCause, TokenCounts, UsageBuckets, UsageSnapshot } from "@/lib/costs/schema";

/** Rounding of the list cost to whole cents explains this much and no more. */
const HALF_CENT_NANOS = 5_000_000;

export interface SnapshotWrites {
  /** Null when the snapshot says nothing of writes. */
  split: WriteSplit | null;
  /** Written tokens of spans whose lifetime nobody told. */
  unsplitTokens: number;
}

/**
 * The snapshot's cache writes by lifetime. Where it names one lifetime alone, what spans wrote
 * beyond that is taken for the other.
 */
export function snapshotWrites(usage: UsageSnapshot, spanWrites: number): SnapshotWrites {
  const { cacheWrite5mTokens: write5m, cacheWrite1hTokens: write1h } = usage;
  if (write5m !== null && write1h !== null) {
    const silent = write5m + write1h === 0;
    return { split: { write5m, write1h }, unsplitTokens: silent ? spanWrites : 0 };
  }
  if (write5m === null && write1h === null) return { split: null, unsplitTokens: spanWrites };
  const rest = Math.max(0, spanWrites - (write5m ?? write1h ?? 0));
  return { split: { write5m: write5m ?? rest, write1h: write1h ?? rest }, unsplitTokens: rest };
}

export interface UsageComparison {
  /** Each amount of written tokens by lifetime, in the order given. */
  writes: WriteSplit[];
  /** Tokens of the snapshot that no span covers. */
  residual: UsageBuckets;
  /** Spans report more than the snapshot in some bucket. */
  spansAhead: boolean;
  /** Written tokens whose lifetime is our guess. */
  guessedWrites: boolean;
  usage: UsageBuckets;
}

/**
 * Spans beside the newest snapshot, bucket by bucket, writes as one. The usage shown is the
 * snapshot's member, else the spans' sum; until the session settles a snapshot may lag behind
 * spans that have ended, and the larger counts.
 */
export function compareUsage(input: {
  spans: TokenCounts;
  writeAmounts: readonly number[];
  snapshot: UsageSnapshot;
  settled: boolean;
}): UsageComparison {
  const { spans, snapshot, settled } = input;
  const { split, unsplitTokens } = snapshotWrites(snapshot, spans.cacheWrite);
  const writes = apportionWrites(input.writeAmounts, split);
  const spans5m = writes.reduce((sum, part) => sum + part.write5m, 0);
  const spans1h = spans.cacheWrite - spans5m;
  const known = split === null ? null : split.write5m + split.write1h;
  const writesAhead = known !== null && spans.cacheWrite > known;
  const writesMissing = split !== null && known !== null && known > spans.cacheWrite;

  const above = (given: number | null, covered: number) => Math.max(0, (given ?? 0) - covered);
  const behind = (given: number | null, covered: number) => given !== null && covered > given;
  const shown = (given: number | null, covered: number) =>
    given === null ? covered : settled ? given : Math.max(given, covered);
  const shownWrites =
    split === null || (writesAhead && !settled) ? { write5m: spans5m, write1h: spans1h } : split;
  const writers = input.writeAmounts.filter((amount) => amount > 0).length;

  return {
    writes,
    residual: {
      inputTokens: above(snapshot.inputTokens, spans.input),
      cacheWrite5mTokens: writesMissing ? split.write5m - spans5m : 0,
      cacheWrite1hTokens: writesMissing ? split.write1h - spans1h : 0,
      cacheReadTokens: above(snapshot.cacheReadTokens, spans.cacheRead),
      outputTokens: above(snapshot.outputTokens, spans.output),
    },
    spansAhead:
      writesAhead ||
      behind(snapshot.inputTokens, spans.input) ||
      behind(snapshot.cacheReadTokens, spans.cacheRead) ||
      behind(snapshot.outputTokens, spans.output),
    guessedWrites: unsplitTokens > 0 || (writers > 1 && spans5m > 0 && spans1h > 0),
    usage: {
      inputTokens: shown(snapshot.inputTokens, spans.input),
      cacheWrite5mTokens: shownWrites.write5m,
      cacheWrite1hTokens: shownWrites.write1h,
      cacheReadTokens: shown(snapshot.cacheReadTokens, spans.cacheRead),
      outputTokens: shown(snapshot.outputTokens, spans.output),
    },
  };
}

/** Tokens by which the shown usage and its spans differ, bucket by bucket, writes as one. */
export function tokenGap(usage: UsageBuckets, spans: TokenCounts): number {
  const writes = usage.cacheWrite5mTokens + usage.cacheWrite1hTokens;
  return (
    Math.abs(usage.inputTokens - spans.input) +
    Math.abs(writes - spans.cacheWrite) +
    Math.abs(usage.cacheReadTokens - spans.cacheRead) +
    Math.abs(usage.outputTokens - spans.output)
  );
}

/**
 * What can explain a drift. Within half a cent it is the list cost's rounding and nothing else; an
 * empty list beyond that is a drift nobody can explain. When every quantity is the provider's own
 * and nothing else is in the way, only a price can be another one than ours.
 */
export function findDriftCauses(input: {
  driftNanos: number;
  unknownModel: boolean;
  /** A speed or geography the book has no price for. */
  unknownModifier: boolean;
  missingThread: boolean;
  guessedWrites: boolean;
  spansAhead: boolean;
  settled: boolean;
  graderTokens: boolean;
  quantitiesGiven: boolean;
  /**
   * What the session would cost more if every request that names no geography ran in the US:
   * a workspace's default geography stands on no session.
   */
  usSurchargeNanos: number;
  /** By what the workspace's own terms change the cost: the list cost knows nothing of them. */
  ownTermsNanos: number;
}): DriftCause[] {
  const { driftNanos } = input;
  if (driftNanos === 0) return [];
  if (Math.abs(driftNanos) <= HALF_CENT_NANOS) return ["rounding"];
  const isOwn = input.ownTermsNanos !== 0;
  if (isOwn && Math.abs(driftNanos - input.ownTermsNanos) <= HALF_CENT_NANOS) return ["own_terms"];
  const hiddenSurcharge =
    input.usSurchargeNanos > 0 && Math.abs(driftNanos + input.usSurchargeNanos) <= HALF_CENT_NANOS;
  const present: [DriftCause, boolean][] = [
    ["unknown_model", input.unknownModel],
    ["missing_thread", input.missingThread],
    ["missing_split", input.guessedWrites],
    ["late_events", input.spansAhead || (!input.settled && driftNanos > 0)],
    ["modifier", input.unknownModifier || hiddenSurcharge],
    ["grader_model", input.graderTokens],
    ["own_terms", isOwn],
  ];
  const found = present.filter(([, holds]) => holds).map(([cause]) => cause);
  return found.length === 0 && input.quantitiesGiven ? ["price"] : found;
}
