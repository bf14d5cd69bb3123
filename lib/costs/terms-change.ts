import type { Terms } from "./own-schema";
import type { TermsChange } from "./prices-schema";
import { type Entry, subjectOf } from "./terms";

export const LISTS = ["prices", "session_hours", "web_searches", "discounts", "included"] as const;

/** What is new, gone or otherwise in one version of the terms against another; order has no say. */
export function changesOf(before: Terms, after: Terms): TermsChange[] {
  return LISTS.flatMap((list) => {
    const [old, now] = [bySubject(before[list]), bySubject(after[list])];
    return [...new Set([...old.keys(), ...now.keys()])].flatMap((subject) => {
      const [was, is] = [old.get(subject) ?? null, now.get(subject) ?? null];
      return isSame(was, is) ? [] : [{ list, before: was, after: is } as TermsChange];
    });
  });
}

const bySubject = (entries: readonly Entry[]) =>
  new Map(entries.map((entry) => [subjectOf(entry), entry]));

function isSame(was: Entry | null, is: Entry | null): boolean {
  if (was === null || is === null) return false;
  return Object.entries(was).every(([name, value]) => Reflect.get(is, name) === value);
}

/** Whether two versions price everything alike: what is included in a month is no price. */
export const isPricedAlike = (one: Terms, other: Terms): boolean =>
  changesOf(one, other).every(({ list }) => list === "included");
