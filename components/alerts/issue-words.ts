import type { Issues } from "@/components/alerts/rule-body";
import type { Draft } from "@/components/alerts/rule-draft";
import { formatPercent } from "@/lib/format";

/** What the API calls by its own names, as the sentence has it. */
const NAMES: Record<string, string> = {
  fire: "where it fires",
  warn: "where it warns",
  recover: "where it recovers",
  window: "window",
  ">": "is above",
  ">=": "is at least",
  "<": "is below",
  "<=": "is at most",
  outside: "is outside",
  inside: "is inside",
  min_volume: "the least to judge by",
  min_bad: "the least that are bad",
  rules: "the rules it is made of",
  forecast: "the forecast",
};

type Told = { path: string; draft: Draft };
type Words = (match: RegExpExecArray, told: Told) => string;

const SAID: readonly (readonly [RegExp, Words])[] = [
  [/is never above 1: write .+$/, () => "it is a share, and never above 100 %"],
  [
    /^it must be reached before `fire` is: (.+)$/,
    ([, how]) => `it must be reached before it fires: ${how}`,
  ],
  [
    /must lie on the good side of `(\w+)`/,
    ([, name]) =>
      `it must lie on the good side of where it ${name === "warn" ? "warns" : "fires"}, or one that fires could never close`,
  ],
  [
    /^it must lie farther on the bad side than `fire`$/,
    () => "it must lie farther out than where it fires",
  ],
  [/needs two numbers, like/, () => "expected two values, like 10 to 20"],
  [
    /needs one number; a range goes with/,
    () => "expected one value; two go with “outside” and “inside”",
  ],
  [
    /^(.*an SLO of )([\d.]+)(.*)$/,
    ([, before, slo, after]) => `${before}${formatPercent(Number(slo))}${after}`,
  ],
];

/** Shares in the API's own words are numbers up to 1. */
const SHARES: Record<string, string> = {
  slo: "expected a share between 0 and 100 %, like 99.9",
  tiers: "expected shares of the budget up to 1,000 %, like 50, 80, 100",
};

/** What the API says is wrong, in the words and units of the sentence. */
export function issueWords(issues: Issues, draft: Draft): Issues {
  return Object.fromEntries(
    Object.entries(issues).map(([path, message]) => [path, wordsOf(message, { path, draft })]),
  );
}

function wordsOf(message: string, told: Told): string {
  const root = told.path.split(".")[0] ?? "";
  if (
    /^(Too (big|small)|Invalid)/.test(message) &&
    (root !== "tiers" || told.draft.kind === "budget")
  ) {
    const share = SHARES[root];
    if (share) return share;
  }
  for (const [pattern, words] of SAID) {
    const match = pattern.exec(message);
    if (match) return named(words(match, told));
  }
  return named(message);
}

const named = (message: string) =>
  message.replace(/`([^`]+)`/g, (_, name: string) => NAMES[name] ?? name.replaceAll("_", " "));
