import { parseDuration } from "./duration";
import type { Judged } from "./rule";
import { judgedOf } from "./rule";
import { NewRule } from "./rule-schema";
import type { Scenario } from "./scenario-schema";

const NUMBER = String.raw`(-?\d+(?:\.\d+)?)`;
const DURATION = String.raw`(\d+[a-z]?(?:\d+[a-z])*)`;
const COMPARED = String.raw`(>=|<=|>|<)\s*${NUMBER}\s*(%?)`;

/** What is read of a scenario's settings; what is absent is 0 or off. */
type Settings = {
  forMs: number;
  keepFiringForMs: number;
  everyMs: number;
  windowMs: number;
  lowVolumeHoldMs: number;
  newGroupDelayMs: number;
  minVolume: number;
  fire: { op: string; at: number } | null;
  recover: number | null;
};

type Reader = { pattern: RegExp; read: (settings: Settings, match: RegExpMatchArray) => void };

const clock = (
  written: string,
  name:
    | "forMs"
    | "keepFiringForMs"
    | "everyMs"
    | "windowMs"
    | "lowVolumeHoldMs"
    | "newGroupDelayMs",
): Reader => ({
  pattern: new RegExp(`^${written}\\s*=?\\s*${DURATION}$`),
  read: (settings, match) => {
    settings[name] = parseDuration(match[1] ?? "") ?? 0;
  },
});

const share = (match: RegExpMatchArray) => Number(match[2]) / (match[3] === "%" ? 100 : 1);

const READERS: Reader[] = [
  clock("for", "forMs"),
  clock("(?:keep_firing_for|keepFiringFor)", "keepFiringForMs"),
  clock("eval every", "everyMs"),
  clock("window", "windowMs"),
  clock("lowVolumeHold", "lowVolumeHoldMs"),
  clock("newGroupDelay", "newGroupDelayMs"),
  {
    pattern: new RegExp(`^minVolume\\s*=?\\s*${NUMBER}$`),
    read: (settings, match) => {
      settings.minVolume = Number(match[1]);
    },
  },
  {
    pattern: new RegExp(`^(?:rate|fire)\\s*${COMPARED}$`),
    read: (settings, match) => {
      settings.fire = { op: match[1] ?? ">", at: share(match) };
    },
  },
  {
    pattern: new RegExp(`^recover\\s*${COMPARED}$`),
    read: (settings, match) => {
      settings.recover = share(match);
    },
  },
];

/** What the settings say, and where they are silent the title; in parentheses stand remarks. */
export function settingsOf({ settings, title }: Scenario): Settings {
  const read: Settings = {
    ...{ forMs: 0, keepFiringForMs: 0, everyMs: 60_000, windowMs: 60_000 },
    ...{ lowVolumeHoldMs: 0, newGroupDelayMs: 0, minVolume: 0, fire: null, recover: null },
  };
  for (const text of [title, settings])
    for (const part of plain(text).split(",")) {
      for (const { pattern, read: take } of READERS) {
        const match = part.trim().match(pattern);
        if (match) take(read, match);
      }
    }
  return read;
}

const plain = (text: string) =>
  text
    .replace(/\([^)]*\)/g, "")
    .replaceAll("≥", ">=")
    .replaceAll("≤", "<=");

/** The rule a scenario is of, by what its rows give to judge. */
export function ruleOf(scenario: Scenario, judges: "breach" | "value" | "rate"): Judged {
  const { minVolume, fire, recover, ...clocks } = settingsOf(scenario);
  const compared = judges === "breach" ? { op: ">=", fire: 1 } : { op: fire?.op, fire: fire?.at };
  const rule = NewRule.parse({
    name: scenario.id,
    ...(judges === "rate"
      ? { kind: "ratio", metric: "failure_rate", min_volume: minVolume }
      : { kind: "threshold", metric: "sessions_failed" }),
    ...compared,
    ...(recover === null ? {} : { recover }),
  });
  return { ...judgedOf(rule), ...clocks };
}
