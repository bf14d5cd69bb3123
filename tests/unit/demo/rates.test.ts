import { beforeAll, describe, expect, it } from "vitest";
import { calendarOf, isWeekend } from "@/lib/demo/calendar";
import type { DemoSession } from "@/lib/demo/schema";
import { simulateFleet } from "@/lib/demo/simulate";
import { microsFromIso } from "@/lib/time/micros";
import { outcomeOf } from "@/tests/unit/demo/sightings";

// A Friday afternoon, UTC.
const NOW_US = Date.UTC(2026, 10, 20, 15, 20) * 1_000;
const FAILED = ["outcome_failed", "retries_exhausted", "refused", "terminated"];

/** Sessions that settled, and those of them that failed, by a name. */
class Rates {
  private readonly counts = new Map<string, { settled: number; failed: number }>();

  add(name: string, outcome: string): void {
    const count = this.counts.get(name) ?? { settled: 0, failed: 0 };
    const failed = FAILED.includes(outcome);
    if (failed || outcome === "completed") count.settled += 1;
    if (failed) count.failed += 1;
    this.counts.set(name, count);
  }

  of(name: string): number {
    const { settled, failed } = this.counts.get(name) ?? { settled: 0, failed: 0 };
    return failed / settled;
  }
}

describe("a month of 5,000 sessions", () => {
  const rates = new Rates();
  const calendar = calendarOf(NOW_US, 30);
  const cents: number[] = [];
  const current: DemoSession[] = [];
  const starts = { office: 0, night: 0, weekend: 0, overloaded: 0, overloadHour: 0 };
  let events = 0;
  let bytes = 0;

  beforeAll(() => {
    const options = { seed: "rates", days: 30, sessions: 5_000, nowUs: NOW_US };
    for (const demo of simulateFleet(options)) {
      const { session } = demo;
      const outcome = outcomeOf(demo);
      rates.add("all", outcome);
      rates.add(`${session.agent.name} v${session.agent.version}`, outcome);
      cents.push(Number(session.usage.list_cost?.amount));
      if (["running", "waiting"].includes(outcome)) current.push(demo);
      events += demo.events.length;
      const sampled = demo.events.filter((_, i) => i % 7 === 0);
      for (const { event } of sampled) bytes += JSON.stringify(event).length;
      const us = microsFromIso(session.created_at) ?? 0;
      const hour = Math.floor((us / 3_600_000_000) % 24);
      if (isWeekend(us)) starts.weekend += 1;
      else if (hour >= 8 && hour < 18) starts.office += 1;
      else if (hour < 6) starts.night += 1;
      if (us >= calendar.overload.fromUs && us < calendar.overload.toUs) {
        starts.overloadHour += 1;
        const overloaded = demo.events.some(
          ({ event }) =>
            event.type === "session.error" && event.error.type === "model_overloaded_error",
        );
        if (overloaded) starts.overloaded += 1;
      }
    }
    cents.sort((a, b) => a - b);
  }, 120_000);

  it("fails at about 4 %", () => {
    expect(rates.of("all")).toBeGreaterThan(0.03);
    expect(rates.of("all")).toBeLessThan(0.05);
  });

  it("holds a bad deploy in its last two days, rolled back", () => {
    expect(rates.of("support-triage v13")).toBeGreaterThan(0.2);
    expect(rates.of("support-triage v13")).toBeLessThan(0.45);
    expect(rates.of("support-triage v12")).toBeLessThan(0.05);
    expect(rates.of("support-triage v14")).toBeLessThan(0.08);
    expect(NOW_US - calendar.badDeploy.fromUs).toBeLessThan(48 * 3_600_000_000);
  });

  it("holds a version that is clearly worse than the one before", () => {
    expect(rates.of("code-reviewer v6")).toBeGreaterThan(2 * rates.of("code-reviewer v5"));
  });

  it("holds an hour in which the provider is overloaded", () => {
    expect(starts.overloadHour).toBeGreaterThan(10);
    expect(starts.overloaded / starts.overloadHour).toBeGreaterThan(0.5);
  });

  it("follows office hours and weekends", () => {
    expect(starts.office).toBeGreaterThan(5 * starts.night);
    expect(starts.office).toBeGreaterThan(5 * starts.weekend);
    expect(starts.weekend).toBeGreaterThan(100);
  });

  it("costs between two cents and three dollars, hardly ever more", () => {
    const at = (share: number) => cents[Math.floor(cents.length * share)] ?? 0;
    expect(at(0.1)).toBeGreaterThanOrEqual(2);
    expect(at(0.5)).toBeGreaterThan(4);
    expect(at(0.99)).toBeLessThan(300);
  });

  it("has sessions in the middle of something, some waiting for 20 to 60 minutes", () => {
    expect(current.length).toBeGreaterThan(8);
    const waits = current
      .filter((demo) => outcomeOf(demo) === "waiting")
      .map((demo) => (NOW_US - (microsFromIso(demo.session.updated_at) ?? 0)) / 60_000_000);
    expect(waits.filter((minutes) => minutes > 19 && minutes < 60).length).toBeGreaterThan(2);
    expect(Math.max(...waits)).toBeLessThan(600);
  });

  it("has events of about 700 bytes", () => {
    const mean = bytes / Math.ceil(events / 7);
    expect(mean).toBeGreaterThan(550);
    expect(mean).toBeLessThan(850);
  });
});
