import type { Observed } from "./observed";
import type { RuleOf } from "./rule-schema";

/** Webhooks of a type that one connection was sent. */
export type WebhookCount = { type: string; connection: string; count: number };

/** A webhook's type stands for an error's; without groups there is one label set, whatever came. */
export function webhooksBy(
  { group_by, filters }: Pick<RuleOf<"event">, "group_by" | "filters">,
  counts: Iterable<WebhookCount>,
): Observed[] {
  const sums = new Map<string, Observed>();
  const add = (labels: Record<string, string>, count: number) => {
    const key = JSON.stringify(labels);
    const known = sums.get(key)?.observation;
    const value = (known?.kind === "event" ? (known.value ?? 0) : 0) + count;
    sums.set(key, { labels, observation: { kind: "event", value } });
  };
  if (group_by.length === 0) add({}, 0);
  for (const { type, connection, count } of counts) {
    const all = { error_type: type, connection };
    const entries = Object.entries(all);
    if (!entries.every(([name, value]) => filters[name]?.includes(value) ?? true)) continue;
    add(Object.fromEntries(entries.filter(([name]) => group_by.includes(name))), count);
  }
  return [...sums.values()];
}
