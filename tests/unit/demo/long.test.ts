import { describe, expect, it } from "vitest";
import { simulateLongSession } from "@/lib/demo/long";
import { orderFaults, referenceFaults } from "@/tests/unit/demo/list-checks";
import { statusFaults } from "@/tests/unit/demo/status-checks";
import { usageFaults } from "@/tests/unit/demo/usage-checks";

const NOW_US = Date.UTC(2026, 10, 20, 15, 20) * 1_000;

describe("a long session", () => {
  it.each([20, 300, 3_000])("of about %i events is as sound as a short one", (events) => {
    const demo = simulateLongSession({ seed: "long", events, nowUs: NOW_US });
    expect(demo.events.length).toBeGreaterThanOrEqual(events * 0.9);
    expect(demo.events.length).toBeLessThanOrEqual(events * 1.25 + 30);
    expect(orderFaults(demo, NOW_US)).toEqual([]);
    expect(referenceFaults(demo)).toEqual([]);
    expect(usageFaults(demo, NOW_US)).toEqual([]);
    expect(statusFaults(demo, NOW_US)).toEqual([]);
    expect(demo.session.metadata.demo).toBe("true");
  });

  it("holds 50,000 events in several threads, compacted on the way, and ends just before now", () => {
    const demo = simulateLongSession({ seed: "bench", events: 50_000, nowUs: NOW_US });
    expect(Math.abs(demo.events.length - 50_000)).toBeLessThan(500);
    expect(demo.threads.length).toBeGreaterThan(10);
    const types = new Set(demo.events.map(({ event }) => event.type));
    expect(types).toContain("agent.thread_context_compacted");
    expect(types).toContain("workflow_run.created");
    expect(types).toContain("user.tool_confirmation");
    expect(orderFaults(demo, NOW_US)).toEqual([]);
    expect(referenceFaults(demo)).toEqual([]);
    expect(Date.parse(demo.session.updated_at)).toBeGreaterThan(NOW_US / 1_000 - 120_000);
  }, 60_000);
});
