import type { SoupItem } from "./event-soup";

/** A secret behind every text, so that there is something to mask. */
export function withSecrets(item: SoupItem): SoupItem {
  const behind = (value: unknown): unknown =>
    Array.isArray(value)
      ? value.map((block) =>
          typeof block === "object" && block !== null && "text" in block
            ? { ...block, text: `${block.text} AKIAIOSFODNN7EXAMPLE` }
            : block,
        )
      : value;
  const data = item.data as Record<string, unknown>;
  if (item.kind !== "event" || typeof data !== "object") return item;
  return {
    ...item,
    data: { ...data, ...("content" in data ? { content: behind(data.content) } : {}) },
  };
}

/** Of two that differ and are of one name and time their text decides which counts, and that is another once it is masked. */
export function toldApart(items: readonly SoupItem[]): SoupItem[] {
  const known = new Set<string>();
  return items.filter(({ kind, data }) => {
    const { id, processed_at, updated_at } = Object(data);
    const name = JSON.stringify([kind, id, kind === "event" ? processed_at === null : updated_at]);
    return !known.has(name) && known.add(name);
  });
}
