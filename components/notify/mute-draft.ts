import type { Interval, MuteTimingItem, NewMuteTiming } from "@/lib/notify/mute-schema";

export const WEEKDAYS = [
  ...(["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"] as const),
] as const;
type Weekday = (typeof WEEKDAYS)[number];

/** One interval as it is typed; what is left empty is no part of it. */
export type DraftInterval = {
  times: string;
  weekdays: { from: Weekday; to: Weekday }[];
  days: string;
  months: string;
  /** Kept as they are. */
  years: Interval["years"];
};
export type Draft = { name: string; tz: string; intervals: DraftInterval[] };

export const EMPTY_INTERVAL: DraftInterval = {
  ...{ times: "", weekdays: [], days: "", months: "", years: undefined },
};

export function draftOf(timing: MuteTimingItem | null, tz: string): Draft {
  if (!timing) {
    const nights = { ...EMPTY_INTERVAL, times: "22:00-24:00, 00:00-07:00" };
    return { name: "", tz, intervals: [nights] };
  }
  const { name, tz: own, intervals } = timing;
  return {
    ...{ name, tz: own },
    intervals: intervals.map(({ times, weekdays, days_of_month, months, years }) => ({
      times: (times ?? []).map(({ from, to }) => `${from}-${to}`).join(", "),
      weekdays: weekdays ?? [],
      days: rangesText(days_of_month),
      months: rangesText(months),
      years,
    })),
  };
}

const rangesText = (ranges: readonly { from: number; to: number }[] = []) =>
  ranges.map(({ from, to }) => (from === to ? `${from}` : `${from} to ${to}`)).join(", ");

/** The timing that is typed, and what cannot be read of it. */
export function readDraft(draft: Draft): { body: NewMuteTiming; issues: Record<string, string> } {
  const issues: Record<string, string> = {};
  if (draft.name.trim() === "") issues.name = "Give it a name.";
  const intervals = draft.intervals.map((interval, at): Interval => {
    const fail = (message: string) => {
      issues[`intervals.${at}`] ??= message;
    };
    const { weekdays, years } = interval;
    const times = timesOf(interval.times, fail);
    const days = rangesOf(interval.days, fail);
    const months = rangesOf(interval.months, fail);
    const read = {
      ...(times.length > 0 ? { times } : {}),
      ...(weekdays.length > 0 ? { weekdays } : {}),
      ...(days.length > 0 ? { days_of_month: days } : {}),
      ...(months.length > 0 ? { months } : {}),
      ...(years ? { years } : {}),
    };
    if (Object.keys(read).length === 0) fail("Say at least which hours or days.");
    return read;
  });
  return { body: { name: draft.name.trim(), tz: draft.tz, intervals }, issues };
}

type Fail = (message: string) => void;
const partsOf = (text: string) => text.split(",").flatMap((part) => part.trim() || []);

function timesOf(text: string, fail: Fail): { from: string; to: string }[] {
  return partsOf(text).flatMap((part) => {
    const [, from, to] = /^(\d\d:\d\d)\s*[-–]\s*(\d\d:\d\d)$/.exec(part) ?? [];
    if (from !== undefined && to !== undefined) return [{ from, to }];
    fail("Hours are written like 22:00-24:00, with a comma before the next.");
    return [];
  });
}

function rangesOf(text: string, fail: Fail): { from: number; to: number }[] {
  return partsOf(text).flatMap((part) => {
    const [, from, to = from] = /^(-?\d+)(?:\s+to\s+(-?\d+))?$/.exec(part) ?? [];
    if (from !== undefined) return [{ from: Number(from), to: Number(to) }];
    fail("Days and months are numbers, like 1 to 7 or -1.");
    return [];
  });
}

const capital = (word: string) => word.charAt(0).toUpperCase() + word.slice(1);

/** When it is, in a line for each interval. */
export const intervalWords = ({
  times,
  weekdays,
  days_of_month,
  months,
  years,
}: Interval): string =>
  [
    ...(weekdays ?? []).map(({ from, to }) =>
      from === to ? capital(from) : `${capital(from)} to ${capital(to)}`,
    ),
    ...(days_of_month ? [`days ${rangesText(days_of_month)} of the month`] : []),
    ...(months ? [`months ${rangesText(months)}`] : []),
    ...(years ? [`years ${rangesText(years)}`] : []),
    ...(times ?? []).map(({ from, to }) => `${from}–${to}`),
  ].join(", ");
