import { cx } from "@/components/ui/cx";

/** A quiet placeholder that holds the place of what loads. Give it the size of the real thing. */
export function Skeleton({ className }: { className?: string }) {
  return (
    <span aria-hidden className={cx("block animate-sheen rounded-sm bg-quiet-soft", className)} />
  );
}
