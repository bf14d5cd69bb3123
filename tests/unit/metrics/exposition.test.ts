import { describe, expect, it, test } from "vitest";
import { admit, bounded, type Known, MOST_VALUES } from "@/lib/metrics/bounded";
import { CATALOGUE } from "@/lib/metrics/catalogue";
import { EXPORTED, EXPORTED_AGES, type Exported } from "@/lib/metrics/exported";
import { formatFor, type MetricFamily, render } from "@/lib/metrics/exposition";
import { aboveMarks, familiesOf, knownFrom, raised } from "@/lib/metrics/families";
import { bucketOf } from "@/lib/metrics/histogram";
import type { Total } from "@/lib/metrics/totals";

const family = (more: Partial<MetricFamily>): MetricFamily => ({
  ...{ name: "watchkeeper_reads_total", type: "counter", help: "Reads.", samples: [] },
  ...more,
});

describe("the text", () => {
  const families = [
    family({
      help: 'A "quoted" \\ and\nbroken one.',
      samples: [{ labels: { tool: 'a"b\\c\nd', agent: "" }, value: 2.5e-7 }],
    }),
    family({
      name: "watchkeeper_x_seconds",
      type: "histogram",
      samples: [
        { suffix: "_bucket", labels: { le: "+Inf" }, value: 3 },
        { suffix: "_sum", labels: {}, value: Infinity },
        { suffix: "_count", labels: {}, value: 3 },
      ],
    }),
  ];
  it("is Prometheus' own", () => {
    expect(render(families, "text")).toBe(
      [
        '# HELP watchkeeper_reads_total A "quoted" \\\\ and\\nbroken one.',
        "# TYPE watchkeeper_reads_total counter",
        'watchkeeper_reads_total{tool="a\\"b\\\\c\\nd",agent=""} 2.5e-7',
        "# HELP watchkeeper_x_seconds Reads.",
        "# TYPE watchkeeper_x_seconds histogram",
        'watchkeeper_x_seconds_bucket{le="+Inf"} 3',
        "watchkeeper_x_seconds_sum +Inf",
        "watchkeeper_x_seconds_count 3",
        "",
      ].join("\n"),
    );
  });
  it("is OpenMetrics where that is asked for: counters by another family name, and an end", () => {
    const text = render(families, "openmetrics");
    expect(text).toContain('# HELP watchkeeper_reads A \\"quoted\\" \\\\ and\\nbroken one.\n');
    expect(text).toContain("# TYPE watchkeeper_reads counter\nwatchkeeper_reads_total{");
    expect(text.endsWith("\n# EOF\n")).toBe(true);
  });
  it.each([
    [null, "text"],
    ["text/plain;version=0.0.4;q=0.5,*/*;q=0.1", "text"],
    ["application/openmetrics-text;version=1.0.0,text/plain;version=0.0.4;q=0.5", "openmetrics"],
  ] as const)("%s asks for %s", (accept, format) => {
    expect(formatFor(accept)).toBe(format);
  });
});

const total = (labels: Record<string, string>, value: number, ...ms: number[]): Total => ({
  labels,
  value,
  below: 0,
  histogram: new Map(ms.map((each) => [bucketOf(each), 1])),
});
const entry = (more: Partial<Exported>): Exported => ({
  ...{ name: "x_total", type: "counter", metric: "turns", groups: ["agent"], scale: 1, help: "X." },
  ...more,
});

describe("families", () => {
  it("of one name are one, told apart by what is fixed, in the unit of the name", () => {
    const cost = (meter: string) =>
      entry({ name: "cost_usd_total", scale: 1e-9, fixed: { meter } });
    const [told, ...others] = familiesOf([
      { exported: cost("tokens"), totals: [total({ agent: "a" }, 3_100_000_000)] },
      { exported: cost("runtime"), totals: [total({ agent: "a" }, 7)] },
    ]);
    expect(others).toEqual([]);
    expect(told?.samples).toEqual([
      { labels: { agent: "a", meter: "tokens" }, value: 3.1 },
      { labels: { agent: "a", meter: "runtime" }, value: 7e-9 },
    ]);
  });

  it("of durations count them up to each bound", () => {
    const exported = entry({
      name: "x_seconds",
      type: "histogram",
      scale: 1e-3,
      bounds: [0.5, 10],
    });
    const [told] = familiesOf([
      { exported, totals: [total({ agent: "a" }, 62_400, 400, 2_000, 60_000)] },
    ]);
    expect(told?.samples).toEqual([
      { suffix: "_bucket", labels: { agent: "a", le: "0.5" }, value: 1 },
      { suffix: "_bucket", labels: { agent: "a", le: "10.0" }, value: 2 },
      { suffix: "_bucket", labels: { agent: "a", le: "+Inf" }, value: 3 },
      { suffix: "_sum", labels: { agent: "a" }, value: 62.4 },
      { suffix: "_count", labels: { agent: "a" }, value: 3 },
    ]);
  });
});

describe("labels", () => {
  const many = Array.from({ length: MOST_VALUES + 10 }, (_, at) =>
    total({ agent: `agent_${at}` }, at + 1, (at + 1) * 1000),
  );
  it("have so many values at most, the heaviest; the others are one", () => {
    const known: Known = new Map();
    admit(known, many);
    const told = bounded(many, known);
    expect(told).toHaveLength(MOST_VALUES + 1);
    const other = told.find(({ labels }) => labels.agent === "other");
    // 1 + 2 + … + 10, each with its duration.
    expect(other?.value).toBe(55);
    expect([...(other?.histogram.values() ?? [])].reduce((sum, count) => sum + count, 0)).toBe(10);
    expect(told.map(({ labels }) => labels.agent)).not.toContain("agent_9");
  });
  it("keep the values that have series, however heavy a new one is", () => {
    const known: Known = new Map([
      ["agent", new Set(many.slice(0, 50).map(({ labels }) => labels.agent ?? ""))],
    ]);
    admit(known, many);
    expect(bounded(many, known).map(({ labels }) => labels.agent)).not.toContain("agent_59");
  });
  it("that are not known are none", () => {
    const known: Known = new Map();
    const totals = [total({ agent: "" }, 1)];
    admit(known, totals);
    expect(bounded(totals, known)[0]?.labels).toEqual({ agent: "none" });
  });
});

describe("what grows", () => {
  const told = (agent: string, value: number) =>
    family({ samples: [{ labels: { agent }, value }] });
  it("never falls below what was told, and a series that is gone stays", () => {
    const before = [
      told("a", 10),
      family({ name: "g", type: "gauge", samples: [{ labels: {}, value: 9 }] }),
    ];
    const marks = aboveMarks(before, new Map());
    expect([...marks.values()]).toEqual([10]);
    const after = [
      told("b", 1),
      family({ name: "g", type: "gauge", samples: [{ labels: {}, value: 4 }] }),
    ];
    expect(raised([told("a", 7)], marks)).toEqual([told("a", 10)]);
    expect(raised(after, marks).map(({ samples }) => samples)).toEqual([
      [
        { labels: { agent: "b" }, value: 1 },
        { suffix: "", labels: { agent: "a" }, value: 10 },
      ],
      [{ labels: {}, value: 4 }],
    ]);
    expect([...aboveMarks([told("a", 11)], marks).values()]).toEqual([11]);
    expect(aboveMarks([told("a", 10)], marks).size).toBe(0);
  });
  it("says which values have series", () => {
    const samples = ["x", "none", "other"].map((agent) => ({ labels: { agent }, value: 0 }));
    const marks = aboveMarks([family({ samples })], new Map());
    expect(knownFrom(marks)).toEqual(new Map([["agent", new Set(["x", ""])]]));
  });
});

/** Metrics that queries make of what is exported. */
const DERIVED = ["failure_rate", "interrupted", "turn_failure_rate", "cost", "cache_hit_ratio"];
DERIVED.push("sessions_created_per_minute", "approval_wait_total", "utilisation");
test("every metric of the catalogue is exported, or follows from what is", () => {
  const told = new Set([
    ...EXPORTED.map(({ metric }) => metric),
    ...EXPORTED_AGES.map(({ name }) => name),
    ...DERIVED,
  ]);
  expect(CATALOGUE.map(({ id }) => id).filter((id) => !told.has(id))).toEqual([]);
  for (const { name, type } of EXPORTED) {
    expect(name).toMatch(/^[a-z_]+$/);
    if (type === "counter") expect(name).toMatch(/_total$/);
    if (type === "histogram") expect(name).toMatch(/_seconds$/);
  }
});
