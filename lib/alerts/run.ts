import type {
  Decided,
  EpisodeChange,
  EpisodeRow,
  Evaluated,
  TransitionRow,
} from "./decision-store";
import type { DueRule, OpenEpisode } from "./evaluation-store";
import { type Judged, judgedOf } from "./rule";
import type { CloseReason, Instance, Labels } from "./schema";

/** A label set of a rule while its ticks are decided. */
export type Live = {
  fingerprint: string;
  labels: Labels;
  instance: Instance | null;
  value: number | null;
  numerator: number | null;
  denominator: number | null;
  episode: (OpenEpisode & Opened) | null;
  isStored: boolean;
  isChanged: boolean;
};

/** When its first window was, of an episode that was opened in this run. */
type Opened = { isNew: boolean };

/** An episode that is to be told of: as it stands after all ticks of the run. */
export type Touched = {
  live: Live;
  episode: OpenEpisode;
  tickMs: number;
  closedMs: number | null;
  closeReason: CloseReason | null;
};

/** A rule while its ticks are decided. */
export type Run = {
  row: DueRule;
  rule: Judged;
  late: boolean;
  lives: Map<string, Live>;
  transitions: TransitionRow[];
  opened: Map<string, EpisodeRow>;
  changed: Map<string, EpisodeChange>;
  evaluations: Evaluated[];
  touched: Map<string, Touched>;
  errors: number;
  error: string | null;
  overflow: number;
  tickMs: number;
};

export function runOf(row: DueRule, late: boolean): Run {
  const lives = row.instances.map(
    ({ episode, ruleId, ...known }): Live => ({
      ...known,
      episode: episode && { ...episode, isNew: false },
      ...{ isStored: true, isChanged: false },
    }),
  );
  return {
    ...{ row, rule: judgedOf(row.rule), late },
    lives: new Map(lives.map((live) => [live.fingerprint, live])),
    ...{ transitions: [], opened: new Map(), changed: new Map(), evaluations: [] },
    ...{ touched: new Map(), errors: row.errors, error: null, overflow: 0 },
    tickMs: row.cursor?.getTime() ?? 0,
  };
}

export function addEvaluation(run: Run, tickMs: number, results: unknown): void {
  const last = run.evaluations.at(-1);
  const tick = new Date(tickMs);
  if (last && JSON.stringify(last.results) === JSON.stringify(results)) {
    [last.until, last.ticks] = [tick, last.ticks + 1];
    return;
  }
  run.evaluations.push({ tick, until: tick, ticks: 1, results });
}

/** What is to be written of a run. */
export function decidedOf(
  run: Run,
  { dueMs, nowMs, health }: { dueMs: number; nowMs: number; health: Decided["health"] },
): Decided {
  const { row } = run;
  const changed = [...run.lives.values()].filter(
    ({ isChanged, isStored, instance }) => isChanged && (isStored || instance !== null),
  );
  return {
    ...{ workspace: row.workspace, ruleId: row.id, ruleVersion: row.version, health },
    cursor: new Date(run.tickMs),
    dueAt: new Date(dueMs),
    lagMs: Math.max(0, nowMs - run.tickMs),
    instances: changed.map(
      ({ fingerprint, labels, instance, value, numerator, denominator, episode }) => ({
        ...{ ruleId: row.id, fingerprint, labels, instance, value, numerator, denominator },
        episodeId: episode?.id ?? null,
      }),
    ),
    transitions: run.transitions,
    opened: [...run.opened.values()],
    changed: [...run.changed.values()],
    evaluations: run.evaluations,
  };
}
