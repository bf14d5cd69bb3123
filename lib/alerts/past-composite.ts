import type { ObservationsAt } from "./backtest";
import { commonSets, partOf } from "./composite";
import { Course } from "./course";
import type { Judged } from "./rule";
import { nextTick } from "./ticks";

/** A rule that is part of another, on its own way through the past. */
export type PastPart = { rule: Judged; offsetMs: number; source: ObservationsAt };

/**
 * What a rule made of rules would have seen at ticks that go forward: its parts as their ticks before it
 * have left them. A part that is gone or paused has no alerts.
 */
export function pastComposite(
  parts: Readonly<Record<string, PastPart | null>>,
  fromMs: number,
): ObservationsAt {
  const running = Object.entries(parts).map(([name, part]) => ({
    ...{ name, part, course: part && new Course(part.rule) },
    next: part ? nextTick(fromMs - 1, part.rule.everyMs, part.offsetMs) : Infinity,
  }));
  return (tickMs) => {
    for (const one of running) {
      const { part, course } = one;
      if (!part || !course) continue;
      // Rules that are due together see each other as they were before.
      for (; one.next < tickMs; one.next += part.rule.everyMs)
        course.judge(one.next, part.source(one.next, course.isOpen));
    }
    const standing = running.map(({ name, part, course }) => {
      const alerts = [...(course?.tracks.values() ?? [])].flatMap(
        ({ labels, fingerprint, instance }) =>
          instance ? [{ labels, fingerprint, status: instance.status }] : [],
      );
      const groupBy = part && "group_by" in part.rule ? part.rule.group_by : null;
      return [name, partOf(groupBy, alerts)] as const;
    });
    return commonSets(Object.fromEntries(standing));
  };
}
