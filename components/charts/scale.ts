/** The drawing is 1000 × 1000 units and stretches to its box, so nothing must be measured to draw it. */
export const UNITS = 1000;

export function xOf(atMs: number, window: { fromMs: number; toMs: number }): number {
  return ((atMs - window.fromMs) / (window.toMs - window.fromMs)) * UNITS;
}

export function yOf(value: number, max: number, min = 0): number {
  return UNITS - ((value - min) / (max - min)) * UNITS;
}
