"use client";
import Link from "next/link";
import { usePathname } from "next/navigation";
import { isCurrent, PAGES } from "@/components/shell/pages";
import { useHref } from "@/components/shell/scope";
import { useViewer } from "@/components/shell/viewer";
import { cx } from "@/components/ui/cx";
import { inSight } from "@/components/ui/in-sight";
import { allows } from "@/lib/auth/roles";

export function Nav({ className }: { className?: string }) {
  const pathname = usePathname();
  const href = useHref();
  const { scopes } = useViewer();
  return (
    <nav
      aria-label="Pages"
      className={cx("flex min-w-0 items-stretch gap-1 overflow-x-auto", className)}
    >
      {PAGES.filter(({ needs }) => allows(scopes, needs)).map((page) => {
        const current = isCurrent(page.path, pathname);
        return (
          <Link
            key={page.path}
            ref={current ? inSight : null}
            href={href(page.path)}
            aria-current={current ? "page" : undefined}
            className={cx(
              "flex h-8 shrink-0 items-center rounded-md px-2 -outline-offset-2",
              current ? "bg-hover font-medium text-ink" : "text-ink-2 hover:text-ink",
            )}
          >
            {page.label}
          </Link>
        );
      })}
    </nav>
  );
}
