/** One line of an exposition. `suffix` stands after the family's name: `_total` is part of a counter's. */
export type Sample = { suffix?: string; labels: Record<string, string>; value: number };
export type MetricFamily = {
  name: string;
  type: "counter" | "gauge" | "histogram";
  help: string;
  samples: Sample[];
};

export const CONTENT_TYPES = {
  text: "text/plain; version=0.0.4; charset=utf-8",
  openmetrics: "application/openmetrics-text; version=1.0.0; charset=utf-8",
} as const;
export type Format = keyof typeof CONTENT_TYPES;

/** OpenMetrics where it is asked for by name: every client reads the older text format. */
export const formatFor = (accept: string | null): Format =>
  accept?.includes("application/openmetrics-text") ? "openmetrics" : "text";

/** The families as text: Prometheus' format 0.0.4, or OpenMetrics 1.0. */
export function render(families: readonly MetricFamily[], format: Format): string {
  const lines = families.flatMap((family) => {
    const { name, type, samples } = family;
    // OpenMetrics names the family without what every sample of a counter ends in.
    const named = format === "openmetrics" && type === "counter" ? withoutTotal(name) : name;
    return [
      `# HELP ${named} ${escaped(family.help, format === "openmetrics")}`,
      `# TYPE ${named} ${type}`,
      ...samples.map(
        ({ suffix = "", labels, value }) =>
          `${name}${suffix}${labelText(labels)} ${numberText(value)}`,
      ),
    ];
  });
  return `${[...lines, ...(format === "openmetrics" ? ["# EOF"] : [])].join("\n")}\n`;
}

const withoutTotal = (name: string) => name.replace(/_total$/, "");

/** Quotes need it in labels, and in OpenMetrics everywhere. */
function escaped(text: string, quotes: boolean): string {
  const whole = text.replaceAll("\\", "\\\\").replaceAll("\n", "\\n");
  return quotes ? whole.replaceAll('"', '\\"') : whole;
}

function labelText(labels: Record<string, string>): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${escaped(value, true)}"`);
  return pairs.length === 0 ? "" : `{${pairs.join(",")}}`;
}

function numberText(value: number): string {
  if (Number.isNaN(value)) return "NaN";
  return Number.isFinite(value) ? String(value) : value > 0 ? "+Inf" : "-Inf";
}

/** A bucket's bound as both formats write it, so that a series has one name in either. */
export const boundText = (bound: number): string =>
  Number.isInteger(bound) ? `${bound}.0` : String(bound);
