import { instantOfWallClock, startOfDay, wallClock } from "@/lib/time/zone";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** Longer ones are for administrators. */
const LONGEST_MS = 30 * DAY_MS - 60_000;

/** How long a silence lasts, as one chooses it; `closed` ends by itself. */
export const SILENCE_PRESETS = [
  { id: "1h", label: "1 hour" },
  { id: "morning", label: "until tomorrow, 9:00" },
  { id: "closed", label: "until it closes" },
  { id: "1d", label: "1 day" },
  { id: "7d", label: "7 days" },
] as const;
export type SilencePreset = (typeof SILENCE_PRESETS)[number]["id"];

export function silenceEnd(preset: SilencePreset, nowMs: number, tz: string): number {
  switch (preset) {
    case "1h":
      return nowMs + HOUR_MS;
    case "morning": {
      // In the next day of any zone, whatever its clocks do in between.
      const next = wallClock(startOfDay(nowMs, tz) + 26 * HOUR_MS, tz).slice(0, 10);
      return instantOfWallClock(`${next}T09:00:00`, tz) ?? nowMs + DAY_MS;
    }
    case "closed":
      return nowMs + LONGEST_MS;
    case "1d":
      return nowMs + DAY_MS;
    case "7d":
      return nowMs + 7 * DAY_MS;
  }
}

export const presetOf = (preset: SilencePreset, nowMs: number, tz: string) => ({
  ends_at: new Date(silenceEnd(preset, nowMs, tz)).toISOString(),
  end_when_closed: preset === "closed",
});

type Labels = Readonly<Record<string, string>>;

/** What fits one alert and no other. */
export const matchersOf = (ruleId: string, labels: Labels) =>
  [["rule_id", ruleId] as const, ...Object.entries(labels)].map(([name, value]) => ({
    ...{ name, op: "=" as const, value },
  }));
