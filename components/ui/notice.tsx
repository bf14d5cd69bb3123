import type { ReactNode } from "react";
import { cx } from "@/components/ui/cx";
import { Mark, type Shape, TONE_SOFT, type Tone } from "@/components/ui/mark";

const SHAPES: Record<Tone, Shape> = {
  ok: "check",
  fail: "cross",
  wait: "hourglass",
  run: "dot",
  stop: "square",
  budget: "pause",
  quiet: "ring",
};

/** One line or paragraph that must be read, with what can be done about it at the right. */
export function Notice({
  tone,
  children,
  action,
  live,
}: {
  tone: Tone;
  children: ReactNode;
  action?: ReactNode;
  live?: boolean;
}) {
  return (
    <div
      role={live ? (tone === "fail" ? "alert" : "status") : undefined}
      className={cx(
        "flex flex-wrap items-center gap-x-3 gap-y-2 rounded-md px-3 py-2",
        TONE_SOFT[tone],
      )}
    >
      <Mark shape={SHAPES[tone]} tone={tone} />
      <div className="min-w-0 flex-1 text-ink">{children}</div>
      {action}
    </div>
  );
}
