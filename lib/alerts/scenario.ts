import { check } from "./condition";
import { decide } from "./machine";
import type { Observation } from "./observation";
import { nameMatches, shownAs, wantedAs } from "./scenario-rows";
import { ruleOf, settingsOf } from "./scenario-rule";
import type { Scenario } from "./scenario-schema";
import type { Instance, Outcome, Status, Transition } from "./schema";
import { isOpenStatus } from "./turns";

const UNITS: Record<string, number> = { minute: 60_000, hour: 3_600_000, day: 86_400_000 };
const INPUT = /^(breach|value|sessions|failed)(?:\s+(.+))?$/;
/** What a cell says of a group that is not there. */
const NOTHING = /^[–-]?$/;

type Inputs = Partial<Record<"breach" | "value" | "sessions" | "failed", string[]>>;

/** Of one label set at one column. */
export type Shown = {
  status: Status;
  severity: string;
  /** Null where it was not judged. */
  outcome: Outcome["kind"] | null;
  transitions: Transition[];
  total: number;
  failed: number;
};

export type Difference = { row: string; column: string; expected: string; found: string };
export type Verdict =
  /** Why it is not of one rule's states. */
  | { skipped: string }
  /** Of the first row that differs the first column; null when none does. */
  | { difference: Difference | null };

/** Runs a scenario minute by minute, by the conditions and the machine of live evaluation. */
export function runScenario(scenario: Scenario): Verdict {
  const { axis, columns, rows } = scenario;
  const inputs = rows.filter(({ name }) => INPUT.test(name));
  if (inputs.length === 0) return { skipped: "it has no rows of what one rule judges" };
  const isCompared = inputs.some(({ name }) => !name.startsWith("breach"));
  if (isCompared && settingsOf(scenario).fire === null)
    return { skipped: "its settings name no bound, like `fire > 10` or `rate > 20 %`" };
  const times = columns.map((column) => Number(column) * (UNITS[axis] ?? Number.NaN));
  if (times.some(Number.isNaN)) return { skipped: "its columns are no times" };
  const groups = [...groupsOf(inputs)];
  const seen = new Map(groups.map(([name, group]) => [name, follow(scenario, group, times)]));
  for (const { name, cells } of rows.filter((row) => !INPUT.test(row.name)))
    for (const [at, column] of columns.entries()) {
      const shown = [...seen].flatMap(([group, all]) =>
        nameMatches(name, group, seen.size) ? all.slice(at, at + 1) : [],
      );
      const expected = cells[at] ?? "";
      const wanted = wantedAs(name, expected);
      const found = shownAs(name, shown, scenario);
      if (wanted !== null && wanted !== found)
        return { difference: { row: name, column: `${axis} ${column}`, expected, found } };
    }
  return { difference: null };
}

/** Rows by the label set they are of: `breach a` and `breach b` are two. */
function groupsOf(rows: Scenario["rows"]): Map<string, Inputs> {
  const groups = new Map<string, Inputs>();
  for (const { name, cells } of rows) {
    const [, input = "", group = ""] = name.match(INPUT) ?? [];
    groups.set(group, { ...groups.get(group), [input]: cells });
  }
  return groups;
}

function follow(scenario: Scenario, inputs: Inputs, times: readonly number[]): Shown[] {
  const { everyMs } = settingsOf(scenario);
  const rule = ruleOf(scenario, inputs.breach ? "breach" : inputs.value ? "value" : "rate");
  let instance: Instance | null = null;
  const all: Shown[] = [];
  for (const [at, nowMs] of times.entries()) {
    const inWindow = (_: string, index: number) => {
      const time = times[index] ?? 0;
      return time <= nowMs && time > nowMs - rule.windowMs;
    };
    const sum = (cells: readonly string[] = []) =>
      cells.filter(inWindow).reduce((total, cell) => total + (Number(cell) || 0), 0);
    const [total, failed] = [sum(inputs.sessions), sum(inputs.failed)];
    const observation = observationAt(inputs, at, { total, failed });
    const isThere = observation.kind !== "nothing";
    let outcome: Outcome["kind"] | null = null;
    let transitions: Transition[] = [];
    if (nowMs % everyMs === 0 && (isThere || instance !== null)) {
      const open: boolean = instance !== null && isOpenStatus((instance as Instance).status);
      const judged = check(rule, observation, { open });
      const decided = decide(rule, instance, judged, nowMs, { labelsPresent: isThere });
      ({ kind: outcome } = judged);
      ({ next: instance, transitions } = decided);
    }
    all.push({ ...standingOf(instance), outcome, transitions, total, failed });
  }
  return all;
}

const standingOf = (instance: Instance | null): Pick<Shown, "status" | "severity"> =>
  instance === null
    ? { status: "inactive", severity: "" }
    : {
        status: instance.status,
        severity: isOpenStatus(instance.status) ? instance.severity : "",
      };

function observationAt(
  { breach, value, sessions, failed: bad }: Inputs,
  at: number,
  { total, failed }: { total: number; failed: number },
): Observation {
  const cells = [breach, value, sessions, bad].map((row) => row?.[at]);
  const cell = cells.find((one) => one !== undefined) ?? "";
  if (cells.includes("error")) return { kind: "error" };
  if (NOTHING.test(cell)) return { kind: "nothing" };
  if (breach || value) return { kind: "threshold", value: Number(cell) };
  const ratio = total === 0 ? null : failed / total;
  return { kind: "ratio", value: ratio, numerator: failed, denominator: total };
}
