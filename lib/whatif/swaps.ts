const ANY = "*";

/**
 * By which model each would have been answered, from `model~other` pairs; `*` is every model that no other
 * pair names. Null where two name the same.
 */
export function insteadOf(swaps: readonly string[]): ((model: string) => string) | null {
  const pairs = new Map<string, string>();
  for (const swap of swaps) {
    const at = swap.indexOf("~");
    const model = swap.slice(0, at);
    if (pairs.has(model)) return null;
    pairs.set(model, swap.slice(at + 1));
  }
  return (model) => pairs.get(model) ?? pairs.get(ANY) ?? model;
}
