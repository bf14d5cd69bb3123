import { readDraft } from "@/components/alerts/rule-body";
import { type Draft, draftOf, linkedRule } from "@/components/alerts/rule-draft";

/** What a draft says otherwise than what it began with, for a link; null where nothing. What is left out now is null. */
export function linkOf(draft: Draft, start: Draft): string | null {
  const [before, now] = [readDraft(start).body, readDraft(draft).body];
  const names = [...new Set([...Object.keys(before), ...Object.keys(now)])];
  const changed = names.filter(
    (name) => JSON.stringify(before[name]) !== JSON.stringify(now[name]),
  );
  if (changed.length === 0) return null;
  return JSON.stringify(Object.fromEntries(changed.map((name) => [name, now[name] ?? null])));
}

/** The draft that such a link is of; as it began where the link makes no sense. */
export function draftFrom(start: Draft, link: string | null): Draft {
  const changes = linkedRule(link);
  if (changes === null) return start;
  const given = { ...readDraft(start).body, ...changes };
  return draftOf(Object.fromEntries(Object.entries(given).filter(([, value]) => value !== null)));
}
