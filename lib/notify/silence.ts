import { type Labels, matches } from "./match";
import { IDLE_MS, MOST_EDITS, type SilenceBody, type SilenceEdit } from "./silence-schema";

export type Silence = SilenceBody & { id: string; startsMs: number; endsMs: number };
type Times = Pick<Silence, "startsMs" | "endsMs">;

/** An alert, open or not, as a silence sees it. */
export type Hideable = { labels: Labels; openedMs: number; closedMs: number | null };

export type State = "pending" | "active" | "expired";

/** From its start on, its end excluded. */
export function stateOf({ startsMs, endsMs }: Times, nowMs: number): State {
  if (endsMs <= nowMs) return "expired";
  return startsMs <= nowMs ? "active" : "pending";
}

/** The first that is in force now and fits these labels; null for none. */
export const silencedBy = (silences: readonly Silence[], nowMs: number) => {
  const active = silences
    .filter((silence) => stateOf(silence, nowMs) === "active")
    .map((silence) => ({ silence, fits: matches(silence.matchers) }));
  return (labels: Labels): Silence | null =>
    active.find(({ fits }) => fits(labels))?.silence ?? null;
};

/** The same, whether there is any. */
export const silencing = (silences: readonly Silence[], nowMs: number) => {
  const found = silencedBy(silences, nowMs);
  return (labels: Labels): boolean => found(labels) !== null;
};

/** When the next silence of any of these label sets begins or ends; null for never. */
export function nextTurn(
  silences: readonly Silence[],
  labels: readonly Labels[],
  nowMs: number,
): number | null {
  const turns = silences.flatMap(({ matchers, startsMs, endsMs }) => {
    const ahead = [startsMs, endsMs].filter((at) => at > nowMs);
    return ahead.length > 0 && labels.some(matches(matchers)) ? [Math.min(...ahead)] : [];
  });
  return turns.length === 0 ? null : Math.min(...turns);
}

/** Why an active silence need not go on, of all alerts since it began; null while it must. */
export function endingOf(
  silence: Silence,
  alerts: readonly Hideable[],
  nowMs: number,
): "closed" | "idle" | null {
  if (stateOf(silence, nowMs) !== "active") return null;
  const fits = matches(silence.matchers);
  const hidden = alerts.filter(
    ({ labels, closedMs }) => (closedMs === null || closedMs >= silence.startsMs) && fits(labels),
  );
  if (hidden.some(({ closedMs }) => closedMs === null)) return null;
  if (silence.end_when_closed && hidden.length > 0) return "closed";
  const lastMs = Math.max(silence.startsMs, ...hidden.map(({ closedMs }) => closedMs ?? nowMs));
  return silence.end_when_idle && nowMs - lastMs >= IDLE_MS ? "idle" : null;
}

type Edit = { what: SilenceEdit["what"]; by: string; nowMs: number };

/** It with what it was before in its history; ended now, unless it is only edited. */
export function edited<S extends Silence & { history: SilenceEdit[] }>(
  silence: S,
  { what, by, nowMs }: Edit,
): S {
  const { matchers, reason, end_when_closed, end_when_idle, startsMs, endsMs } = silence;
  const before = {
    ...{ matchers, reason, end_when_closed, end_when_idle },
    ...{ starts_at: new Date(startsMs).toISOString(), ends_at: new Date(endsMs).toISOString() },
  };
  const edit = { at: new Date(nowMs).toISOString(), by, what, before };
  const history = [...silence.history, edit].slice(-MOST_EDITS);
  return { ...silence, history, endsMs: what === "edited" ? endsMs : nowMs };
}
