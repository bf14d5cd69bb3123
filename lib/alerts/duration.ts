const UNITS = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 } as const;
type Unit = keyof typeof UNITS;

/** Milliseconds of `90s`, `2m`, `1h30m`, `7d`, `1w` or `0`; null for anything else. */
export function parseDuration(text: string): number | null {
  if (/^0+$/.test(text)) return 0;
  if (!/^(\d+[smhdw])+$/.test(text)) return null;
  let ms = 0;
  for (const [, number, unit] of text.matchAll(/(\d+)([smhdw])/g))
    ms += Number(number) * UNITS[unit as Unit];
  return Number.isSafeInteger(ms) ? ms : null;
}

/** In its largest whole unit: `90s`, `2m`, `7d`. */
export function durationText(ms: number): string {
  if (ms === 0) return "0s";
  for (const unit of ["d", "h", "m"] as const)
    if (ms % UNITS[unit] === 0) return `${ms / UNITS[unit]}${unit}`;
  return `${ms / UNITS.s}s`;
}
