import { cx } from "@/components/ui/cx";

export const TONES = ["ok", "fail", "wait", "run", "stop", "budget", "quiet"] as const;
export type Tone = (typeof TONES)[number];
export type Shape =
  | "check"
  | "cross"
  | "hourglass"
  | "dot"
  | "square"
  | "pause"
  | "ring"
  | "query"
  | "rise";

export const TONE_TEXT: Record<Tone, string> = {
  ok: "text-ok",
  fail: "text-fail",
  wait: "text-wait",
  run: "text-run",
  stop: "text-stop",
  budget: "text-budget",
  quiet: "text-quiet",
};
export const TONE_SOFT: Record<Tone, string> = {
  ok: "bg-ok-soft",
  fail: "bg-fail-soft",
  wait: "bg-wait-soft",
  run: "bg-run-soft",
  stop: "bg-stop-soft",
  budget: "bg-budget-soft",
  quiet: "bg-quiet-soft",
};

const STROKE = {
  fill: "none",
  stroke: "currentColor",
  strokeWidth: 1.75,
  strokeLinecap: "round",
  strokeLinejoin: "round",
} as const;

function Drawing({ shape }: { shape: Shape }) {
  switch (shape) {
    case "check":
      return <path d="M2.5 7.6 5.6 10.6 11.5 3.8" {...STROKE} />;
    case "cross":
      return <path d="M3.2 3.2l7.6 7.6M10.8 3.2l-7.6 7.6" {...STROKE} />;
    case "hourglass":
      return (
        <path
          d="M3.6 1.8h6.8M3.6 12.2h6.8M4.4 1.8v1.6c0 1.6 5.2 4.6 5.2 7.2v1.6M9.6 1.8v1.6c0 1.6-5.2 4.6-5.2 7.2v1.6"
          {...STROKE}
          strokeWidth={1.5}
        />
      );
    case "rise":
      return <path d="M7 11.6V2.8M3 6.6 7 2.6l4 4" {...STROKE} />;
    case "dot":
      return <circle cx="7" cy="7" r="4" fill="currentColor" />;
    case "square":
      return <rect x="3" y="3" width="8" height="8" rx="1" fill="currentColor" />;
    case "pause":
      return <path d="M4.75 3v8M9.25 3v8" {...STROKE} strokeWidth={2} />;
    case "ring":
      return <circle cx="7" cy="7" r="3.75" {...STROKE} strokeWidth={1.5} />;
    case "query":
      return <path d="M4.8 5.2a2.2 2.2 0 1 1 3.3 1.9c-.7.4-1.1.8-1.1 1.5M7 11v.1" {...STROKE} />;
  }
}

type MarkProps = {
  shape: Shape;
  tone: Tone;
  /** Shown beside the shape; without it `label` names the mark for screen readers. */
  word?: string;
  label?: string;
  pulse?: boolean;
  className?: string;
};

/** A state as shape, colour and (where there is room) word: never colour alone. */
export function Mark({ shape, tone, word, label, pulse, className }: MarkProps) {
  return (
    <span
      className={cx(
        "inline-flex items-center gap-1.5",
        word ? "min-w-0" : "shrink-0",
        TONE_TEXT[tone],
        className,
      )}
    >
      <svg
        aria-hidden
        viewBox="0 0 14 14"
        width="14"
        height="14"
        className={cx("shrink-0", pulse && "animate-pulse-mark")}
      >
        <Drawing shape={shape} />
      </svg>
      {label && !word ? <span className="sr-only">{label}</span> : null}
      {word ? <span className="truncate">{word}</span> : null}
    </span>
  );
}
