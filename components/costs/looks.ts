import { coloursOf } from "@/components/charts/colours";
import { groupSeries } from "@/components/costs/answers";
import type { By } from "@/components/costs/questions";
import type { Answers } from "@/lib/metrics/queries";

/** Gives an agent's id its name. */
export type NameOf = (dimension: string, value: string) => string;

/** A meter has its colour wherever cost is drawn. */
export const METER_LOOKS = {
  tokens: { label: "Tokens", color: "var(--series-1)" },
  runtime: { label: "Runtime", color: "var(--series-3)" },
  web_search: { label: "Web searches", color: "var(--series-4)" },
};

export const BUCKET_LOOKS: Record<string, { label: string; color: string }> = {
  input: { label: "Input, not cached", color: "var(--series-1)" },
  cache_write_5m: { label: "Cache writes, 5 min", color: "var(--series-2)" },
  cache_write_1h: { label: "Cache writes, 1 h", color: "var(--series-6)" },
  cache_read: { label: "Cache reads", color: "var(--series-7)" },
  output: { label: "Output", color: "var(--series-5)" },
};

const OTHER_COLOR = "var(--line-strong)";
const NONE_COLOR = "var(--quiet)";

type Labels = Record<string, string>;

export const keyOf = (labels: Labels, isOther: boolean) =>
  isOther ? "other" : JSON.stringify(Object.values(labels));

const NONE_WORDS: Record<string, string> = {
  agent: "Agent unknown",
  agent_version: "Agent unknown",
  environment: "No environment",
  deployment: "No deployment",
  model: "No model",
  source: "Source unknown",
};

/** What a group is called and how it is drawn. */
export type Look = {
  key: string;
  name: string;
  color: string;
  /** Filters that show the sessions behind it; null where no filter says it. */
  filter: Record<string, string> | null;
  kind: "group" | "none" | "other";
};

/** How each group is called, coloured and filtered for; colours are given to those that are drawn. */
export function looksOf(by: By, answers: Answers, nameOf: NameOf) {
  const drawn = (answers.trend ?? []).flatMap(groupSeries).filter(({ isOther }) => !isOther);
  const named = drawn.map(({ labels }) => labels).filter((labels) => !isNone(labels));
  const colours = coloursOf(named.map((labels) => keyOf(labels, false)));
  return (labels: Labels, isOther: boolean): Look => {
    const key = keyOf(labels, isOther);
    if (isOther) return { key, name: "Other", color: OTHER_COLOR, filter: null, kind: "other" };
    if (isNone(labels)) {
      const name = NONE_WORDS[by] ?? `No ${by.slice("metadata.".length)}`;
      return { key, name, color: NONE_COLOR, filter: null, kind: "none" };
    }
    if (by === "bucket") {
      const { bucket = "" } = labels;
      const { label, color } = BUCKET_LOOKS[bucket] ?? { label: bucket, color: OTHER_COLOR };
      return { key, name: label, color, filter: {}, kind: "group" };
    }
    const name = groupName(by, labels, nameOf);
    const filter = Object.fromEntries(Object.entries(labels).filter(([, value]) => value !== ""));
    return { key, name, color: colours.get(key) ?? OTHER_COLOR, filter, kind: "group" };
  };
}

const isNone = (labels: Labels) => Object.values(labels).every((value) => value === "");

function groupName(by: By, labels: Labels, nameOf: NameOf): string {
  if (by !== "agent_version") return nameOf(by, labels[by] ?? "");
  const { agent = "", agent_version: version = "" } = labels;
  const name = agent === "" ? "Agent unknown" : nameOf("agent", agent);
  return version === "" ? `${name}, version unknown` : `${name} v${version}`;
}
