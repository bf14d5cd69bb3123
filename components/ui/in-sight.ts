const seen = new WeakSet<Element>();

/**
 * As the `ref` of the current one of links that may be wider than the window: it is in sight. Whoever has
 * scrolled them before the page came to life is looking for another one.
 */
export function inSight(link: HTMLElement | null): void {
  const list = link?.parentElement;
  if (!link || !list) return;
  const isFirst = !seen.has(list);
  seen.add(list);
  if (isFirst && list.scrollLeft > 0) return;
  link.scrollIntoView({ block: "nearest", inline: "nearest" });
}
