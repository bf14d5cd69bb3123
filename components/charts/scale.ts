import type { Layer, TimeSeries } from "@/lib/series";

/** The drawing is 1000 × 1000 units and stretches to its box, so nothing must be measured to draw it. */
export const UNITS = 1000;

export function xOf(atMs: number, window: { fromMs: number; toMs: number }): number {
  return ((atMs - window.fromMs) / (window.toMs - window.fromMs)) * UNITS;
}

export function yOf(value: number, max: number): number {
  return UNITS - (value / max) * UNITS;
}

/** The outline of one stacked area, through the middles of its buckets and level to both ends of the window. */
export function areaPath(layers: readonly Layer[], data: TimeSeries, max: number): string {
  const middle = (index: number) => xOf((data.times[index] ?? 0) + data.stepMs / 2, data);
  const top = layers.map((layer, index) => `${middle(index)} ${yOf(layer.top, max)}`);
  const base = layers.map((layer, index) => `${middle(index)} ${yOf(layer.base, max)}`).reverse();
  return top.length === 0 ? "" : `M${top.join("L")}L${base.join("L")}Z`;
}

/** The upper edge of an area. */
export function edgePath(layers: readonly Layer[], data: TimeSeries, max: number): string {
  const points = layers.map(
    (layer, index) =>
      `${xOf((data.times[index] ?? 0) + data.stepMs / 2, data)} ${yOf(layer.top, max)}`,
  );
  return points.length === 0 ? "" : `M${points.join("L")}`;
}
