import { afterEach, beforeEach, expect, it } from "vitest";
import { simulateFleet } from "@/lib/demo/simulate";
import { microsFromIso } from "@/lib/time/micros";
import { LiveFleet } from "@/tests/support/platform/live";
import type { Platform } from "@/tests/support/platform/platform";
import { Player, retimed } from "@/tests/support/platform/play";
import { startPlatform } from "@/tests/support/platform/server";

const NOW_US = Date.UTC(2026, 10, 20) * 1_000;
const demos = [...simulateFleet({ seed: "play", days: 3, sessions: 12, nowUs: NOW_US })];
const us = (value: unknown) => microsFromIso(String(value)) ?? Number.NaN;

let platform: Platform;
beforeEach(async () => {
  platform = await startPlatform();
});
afterEach(() => platform.close());

it("moves a simulated session to another time and pace, its order kept", () => {
  for (const demo of demos) {
    const fromUs = NOW_US + 60_000_000;
    const moved = retimed(demo, fromUs, 10);
    expect(us(moved.session.created_at)).toBe(fromUs);
    const times = (of: typeof demo) =>
      of.events.flatMap(({ event }) =>
        typeof event.processed_at === "string" ? [us(event.processed_at)] : [],
      );
    const createdUs = us(demo.session.created_at);
    expect(times(moved)).toEqual(
      times(demo).map((at) => Math.round(fromUs + (at - createdUs) / 10)),
    );
    expect(moved.events.map(({ event }) => event.id)).toEqual(
      demo.events.map(({ event }) => event.id),
    );
  }
});

it("plays what its time has come for, inputs first queued and children listed late", () => {
  const demo = demos.find(({ threads }) => threads.length > 1);
  if (!demo) throw new Error("The fleet has no session with children.");
  const span = us(demo.session.updated_at) - us(demo.session.created_at);
  const player = new Player(platform, () => 5_000_000);
  player.add(retimed(demo, platform.nowUs() - span - 60_000_000));
  expect(player.tick()).toEqual([demo.session.id]);
  const { sessions, threads, events } = platform.snapshot();
  expect(events).toHaveLength(demo.events.length);
  expect(threads).toHaveLength(demo.threads.length);
  expect(sessions[0]).toMatchObject({ usage: demo.session.usage, status: demo.session.status });
  expect(us(sessions[0]?.updated_at)).toBeGreaterThan(us(events.at(-1)?.event.processed_at));

  player.add(retimed(demos[0] ?? demo, platform.nowUs() + 3_600_000_000));
  expect(player.tick()).toEqual([]);
  expect(platform.snapshot().sessions).toHaveLength(1);
});

it("has a live fleet in the midst of things from the start", () => {
  const fleet = new LiveFleet(platform, { seed: "live", running: 5 });
  fleet.stop();
  const { sessions, events } = platform.snapshot();
  expect(sessions).toHaveLength(5);
  expect(events.length).toBeGreaterThan(20);
  const now = platform.now();
  expect(events.filter(({ event }) => String(event.processed_at ?? "") > now)).toEqual([]);
});
