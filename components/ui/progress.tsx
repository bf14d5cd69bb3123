/** A determinate bar (`value` 0–1) or, with null, one that only says "working". */
export function Progress({ value, label }: { value: number | null; label: string }) {
  const percent = value === null ? null : Math.round(Math.min(1, Math.max(0, value)) * 100);
  return (
    <div
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      {...(percent === null ? {} : { "aria-valuenow": percent })}
      className="h-1 w-full overflow-hidden rounded-full bg-quiet-soft"
    >
      <div
        className={percent === null ? "h-full w-1/3 animate-sheen bg-accent" : "h-full bg-accent"}
        style={percent === null ? undefined : { width: `${percent}%` }}
      />
    </div>
  );
}
