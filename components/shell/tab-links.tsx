"use client";
import Link from "next/link";
import { useHref } from "@/components/shell/scope";
import { cx } from "@/components/ui/cx";
import { inSight } from "@/components/ui/in-sight";

export type TabLink = { path: string; label: string; count?: number };

/** Pages that belong together, as tabs above each of them. */
export function TabLinks({
  label,
  items,
  current,
}: {
  label: string;
  items: readonly TabLink[];
  current: string | undefined;
}) {
  const href = useHref();
  return (
    <nav aria-label={label} className="flex overflow-x-auto border-b px-1 lg:px-2">
      {items.map(({ path, label: word, count }) => (
        <Link
          key={path}
          ref={path === current ? inSight : null}
          href={href(path)}
          aria-current={path === current ? "page" : undefined}
          className={cx(
            "-mb-px flex h-9 shrink-0 items-center gap-1.5 border-b-2 px-3 -outline-offset-2",
            path === current
              ? "border-accent font-medium text-ink"
              : "border-transparent text-ink-2 hover:text-ink",
          )}
        >
          {word}
          {count ? <span className="text-sm text-ink-3">{count}</span> : null}
        </Link>
      ))}
    </nav>
  );
}
