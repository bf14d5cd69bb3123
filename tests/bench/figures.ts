/** The value below which the share `q` of the figures lies (nearest rank). */
export function quantile(figures: readonly number[], q: number): number {
  const sorted = [...figures].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(q * sorted.length) - 1)] ?? Number.NaN;
}

export const median = (figures: readonly number[]) => quantile(figures, 0.5);
export const p95 = (figures: readonly number[]) => quantile(figures, 0.95);

export const whole = (figure: number) => Math.round(figure).toLocaleString("en");
export const ms = (figure: number) => `${figure < 10 ? figure.toFixed(1) : Math.round(figure)} ms`;
export const times = (ratio: number) => `${ratio.toFixed(2)} ×`;
