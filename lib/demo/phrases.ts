import type { Run } from "@/lib/demo/run";
import { fill } from "@/lib/demo/text";

const LOOKED_AT = [
  "- `{path}`: `{symbol}` is called with an unchecked {column}",
  "- `{table}`: {#400-90000} rows, {#0-40} of them late",
  "- {service}: p95 {#80-900} ms, errors 0.{#1-9} %",
  "- ticket T-{#10000-99999} ({state}), {person}: “{issue}”",
  "- `{path}`, line {#4-480}: {statement}",
];

/** The agent's last word of a turn; often with a list of what it looked at. */
export function finalAnswer(run: Run): string {
  const { random, topic, facts } = run;
  const answer = fill(random.pick(topic.answers), random, facts);
  if (random.chance(0.35)) return answer;
  const lines = Array.from({ length: random.int(3, 9) }, () =>
    fill(random.pick(LOOKED_AT), random, {}),
  );
  return `${answer}\n\n### What I looked at\n${lines.join("\n")}`;
}

/** What it says in passing. */
export function passingNote(run: Run): string {
  return fill(run.random.pick(run.topic.notes), run.random, run.facts);
}
