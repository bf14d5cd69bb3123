"use client";
import Link from "next/link";
import { usePathname } from "next/navigation";
import { SETTINGS } from "@/components/shell/pages";
import { useHref } from "@/components/shell/scope";
import { cx } from "@/components/ui/cx";

/** What there is to set, as tabs above each of the settings. */
export function SettingsNav() {
  const pathname = usePathname();
  const href = useHref();
  return (
    <nav aria-label="Settings" className="flex overflow-x-auto border-b px-1 lg:px-2">
      {SETTINGS.map(({ path, label }) => {
        const current = pathname === path || pathname.startsWith(`${path}/`);
        return (
          <Link
            key={path}
            href={href(path)}
            aria-current={current ? "page" : undefined}
            className={cx(
              "-mb-px flex h-9 shrink-0 items-center border-b-2 px-3 -outline-offset-2",
              current
                ? "border-accent font-medium text-ink"
                : "border-transparent text-ink-2 hover:text-ink",
            )}
          >
            {label}
          </Link>
        );
      })}
    </nav>
  );
}
