import { figureText } from "@/lib/metrics/figure";
import { commonSets } from "./composite";
import { Course, type Seen, type Track } from "./course";
import { durationText } from "./duration";
import { fingerprintOf } from "./fingerprint";
import { thresholdOf } from "./notice";
import { observedOf } from "./observed";
import { questionsOf } from "./questions";
import { type Judged, judgedOf } from "./rule";
import type { NewRule } from "./rule-schema";
import type { Difference } from "./scenario";
import type { ExpectedAlert, SeriesTest } from "./scenario-schema";
import type { Labels } from "./schema";
import { answerOf, type Series, seriesOf } from "./series";
import { filled, unitOf } from "./words";

type Tested = { written: NewRule; rule: Judged; course: Course };
/** Everything that is tested together. */
type Bench = { tested: readonly Tested[]; series: readonly Series[] };

/**
 * Runs rules over series of what happened at instants, by the questions, conditions and machine of live
 * evaluation, and compares what fires at some times with what is expected; the first difference, or null.
 * Throws a `SyntaxError` where the test is written wrongly.
 */
export function runSeriesTest(
  test: SeriesTest,
  rules: readonly NewRule[],
  intervalMs: number | null,
): Difference | null {
  const tested = rules.map((written): Tested => {
    const own = judgedOf(written);
    const rule = { ...own, everyMs: intervalMs ?? own.everyMs };
    return { written, rule, course: new Course(rule) };
  });
  // Those made of others come after their parts.
  tested.sort((a, b) => rankOf(a) - rankOf(b));
  const series = test.input_series.map((one) => seriesOf(one, test.interval));
  const stepMs = tested.reduce((step, { rule }) => common(step, rule.everyMs), 0);
  let tick = 0;
  for (const asked of [...test.alert_rule_test].sort((a, b) => a.eval_time - b.eval_time)) {
    const one = tested.find(({ written }) => written.name === asked.alertname);
    if (!one) throw new SyntaxError(`no rule of rule_files is named ${asked.alertname}`);
    for (; tick <= asked.eval_time; tick += stepMs) judgeAll({ tested, series }, tick);
    const difference = differenceOf(one, asked.exp_alerts ?? []);
    if (difference)
      return { row: asked.alertname, column: durationText(asked.eval_time), ...difference };
  }
  return null;
}

const rankOf = ({ rule }: Tested) => (rule.kind === "composite" ? 1 : 0);
const common = (a: number, b: number): number => (b === 0 ? a : common(b, a % b));

function judgeAll(bench: Bench, tick: number): void {
  for (const one of bench.tested)
    if (tick % one.rule.everyMs === 0) one.course.judge(tick, seenBy(one, bench, tick));
}

function seenBy({ rule, written }: Tested, { tested, series }: Bench, tick: number): Seen[] {
  if (rule.kind === "composite") return commonSets(partsOf(rule.rules, tested));
  if (rule.kind === "absence" && rule.heartbeat !== undefined)
    return [{ ...NOBODY, observation: beatOf(series, rule.heartbeat, tick) }];
  const questions = questionsOf(rule, tick);
  if (questions.length === 0)
    throw new SyntaxError(`${written.name} is of the kind ${rule.kind}, which series cannot test`);
  const answers = questions.map((question) => answerOf(series, question));
  const known = {
    ...{ firstMs: 0, ruleAgeMs: tick },
    fromMs: questions.map(({ fromMs }) => fromMs),
  };
  return observedOf(rule, answers, known).map(({ labels, observation }) => ({
    ...{ labels, fingerprint: fingerprintOf(labels), observation },
  }));
}

const NOBODY = { labels: {}, fingerprint: fingerprintOf({}) };

/** Parts are named by their rules' names: files have no ids. */
function partsOf(rules: Record<string, string>, tested: readonly Tested[]) {
  return Object.fromEntries(
    Object.entries(rules).map(([name, wanted]) => {
      const part = tested.find(({ written }) => written.name === wanted);
      if (!part) throw new SyntaxError(`no rule of rule_files is named ${wanted}`);
      const alerts = [...part.course.tracks.values()].flatMap(({ labels, instance }) =>
        instance ? [{ labels, status: instance.status }] : [],
      );
      const groupBy = "group_by" in part.rule ? part.rule.group_by : [];
      return [name, { groupBy, alerts }];
    }),
  );
}

/** Every sample of `heartbeat{name="nightly"}` is one. */
function beatOf(series: readonly Series[], name: string, tick: number): Seen["observation"] {
  const beats = series
    .filter((one) => one.name === "heartbeat" && one.labels.name === name)
    .flatMap(({ samples }) => samples)
    .filter(({ atMs, value }) => typeof value === "number" && atMs <= tick);
  const last = beats.length === 0 ? null : Math.max(...beats.map(({ atMs }) => atMs));
  return { kind: "heartbeat", ageMs: last === null ? null : tick - last, ruleAgeMs: tick };
}

/** What fires, in words that can be compared: those of an expected alert are its labels and texts, where it has some. */
function differenceOf(
  one: Tested,
  wanted: readonly ExpectedAlert[],
): { expected: string; found: string } | null {
  const firing = [...one.course.tracks.values()].filter(
    ({ instance }) => instance?.status === "firing" || instance?.status === "recovering",
  );
  const asksSeverity = wanted.some(({ exp_labels }) => "severity" in exp_labels);
  const asksTexts = wanted.some(({ exp_annotations }) => exp_annotations !== undefined);
  const shown = (labels: Labels, texts: Labels) =>
    `${wordsOf(labels)}${asksTexts ? ` ${wordsOf(texts)}` : ""}`;
  const expected = wanted.map(({ exp_labels: { alertname: _, ...labels }, exp_annotations }) =>
    shown(labels, exp_annotations ?? {}),
  );
  const found = firing.map((track) =>
    shown(
      {
        ...{ ...one.rule.labels, ...track.labels },
        ...(asksSeverity && track.instance ? { severity: track.instance.severity } : {}),
      },
      asksTexts ? textsOf(one, track) : {},
    ),
  );
  const [expectedText, foundText] = [expected, found].map((all) => all.sort().join(", "));
  if (expectedText === foundText) return null;
  return { expected: expectedText || "no alert", found: foundText || "no alert" };
}

const wordsOf = (labels: Labels): string =>
  `{${Object.entries(labels)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${name}=${JSON.stringify(value)}`)
    .join(", ")}}`;

function textsOf({ written, rule }: Tested, { labels, value, instance }: Track): Labels {
  const unit = unitOf(written);
  const severity = instance?.severity ?? rule.severity;
  const threshold = figureText(thresholdOf(written, severity), unit);
  const places = { labels, severity, value: figureText(value, unit), threshold };
  return Object.fromEntries(
    Object.entries(rule.annotations).map(([name, text]) => [name, filled(text ?? "", places)]),
  );
}
