import fc from "fast-check";
import { expect, it } from "vitest";
import type { Member } from "@/lib/notify/news";
import { type Arrival, type Attempt, MINUTE, Receiver, TIMING } from "./receiver";

const SEVERITIES = ["info", "warning", "high", "critical"] as const;
const IDS = ["A", "B", "C"];

type Step = { afterMs: number; id: string; what: What };
type What =
  | { kind: "open" | "close" | "acknowledge" | "release" }
  | { kind: "severity"; severity: Member["severity"] }
  | { kind: "hold"; held: NonNullable<Member["held"]> }
  | { kind: "no_data"; is: boolean };

const what: fc.Arbitrary<What> = fc.oneof(
  { weight: 4, arbitrary: fc.constant({ kind: "open" as const }) },
  { weight: 3, arbitrary: fc.constant({ kind: "close" as const }) },
  { weight: 1, arbitrary: fc.constant({ kind: "acknowledge" as const }) },
  { weight: 2, arbitrary: fc.constant({ kind: "release" as const }) },
  fc.record({ kind: fc.constant("severity" as const), severity: fc.constantFrom(...SEVERITIES) }),
  fc.record({
    kind: fc.constant("hold" as const),
    held: fc.constantFrom("silence", "mute", "inhibited"),
  }),
  fc.record({ kind: fc.constant("no_data" as const), is: fc.boolean() }),
);
const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.record({
    // Seconds, minutes or hours: within a message's way, within an interval, beyond a reminder.
    afterMs: fc.oneof(
      fc.integer({ min: 0, max: 30 }).map((seconds) => seconds * 500),
      fc.integer({ min: 0, max: 12 }).map((minutes) => minutes * MINUTE),
      fc.integer({ min: 0, max: 30 }).map((hours) => hours * 60 * MINUTE),
    ),
    id: fc.constantFrom(...IDS),
    what,
  }),
  { maxLength: 25 },
);
const attempts = fc.array(fc.constantFrom<Attempt>("ok", "ok", "refused", "later"), {
  maxLength: 15,
});

/** Plays a history out, and then closes everything and lets it rest. */
function played(history: Step[], given: Attempt[]) {
  const group = new Receiver(TIMING);
  const episodes = new Map<string, number>();
  const heldAt: { atMs: number; held: Set<string> }[] = [];
  group.attempts = [...given];
  for (const { afterMs, id, what } of history) {
    group.runTo(group.nowMs + afterMs);
    const episode = `${id}${episodes.get(id) ?? 0}`;
    const present = group.members.get(episode);
    const isOpen = present !== undefined && present.status !== "closed";
    if (what.kind === "open" && !isOpen) {
      const next = (episodes.get(id) ?? 0) + 1;
      episodes.set(id, next);
      const held = present?.held ?? null;
      group.open(`${id}${next}`, { alert: id, held });
    } else if (isOpen) group.change(episode, changeOf(what, present));
    group.runTo(group.nowMs);
    const held = [...group.members.values()].filter((member) => member.held !== null);
    heldAt.push({ atMs: group.nowMs, held: new Set(held.map((member) => member.id)) });
  }
  group.runTo(group.nowMs + 10 * MINUTE);
  const open = [...group.members.values()].filter(
    ({ status, held }) => status !== "closed" && held === null,
  );
  const known = knownAfter(group.arrivals);
  for (const { id } of group.members.values()) group.change(id, { status: "closed" });
  group.attempts = [];
  group.runTo(group.nowMs + 3 * 1_440 * MINUTE);
  return { group, open, known, heldAt };
}

function changeOf(what: What, { severity, acknowledged }: Member): Partial<Member> {
  if (what.kind === "close") return { status: "closed" };
  if (what.kind === "acknowledge") return { acknowledged: true };
  if (what.kind === "release") return { held: null };
  if (what.kind === "hold") return { held: what.held };
  if (what.kind === "no_data") return { status: what.is ? "no_data" : "firing" };
  if (what.kind !== "severity") return {};
  const worsens = SEVERITIES.indexOf(what.severity) > SEVERITIES.indexOf(severity);
  return { severity: what.severity, acknowledged: acknowledged && !worsens };
}

function knownAfter(arrivals: readonly Arrival[]): Map<string, string> {
  const known = new Map<string, string>();
  for (const { firing, closed } of arrivals) {
    for (const [id, { status, severity }] of Object.entries(firing))
      known.set(id, `${status} ${severity}`);
    for (const id of closed) known.delete(id);
  }
  return known;
}

it("tells of the close of everything whose opening it told of", () => {
  const withCuts = fc.array(fc.constantFrom<Attempt>("ok", "refused", "later", "cut"), {
    maxLength: 15,
  });
  fc.assert(
    fc.property(steps, withCuts, (history, given) => {
      const { group } = played(history, given);
      expect([...knownAfter(group.arrivals)]).toEqual([]);
      expect([...group.members.keys()]).toEqual([]);
      expect(group.told).toEqual({});
    }),
    { numRuns: 400 },
  );
});

it("closes nothing that it did not tell of, and nothing twice", () => {
  fc.assert(
    fc.property(steps, attempts, (history, given) => {
      const open = new Set<string>();
      for (const { firing, closed } of played(history, given).group.arrivals) {
        for (const id of Object.keys(firing)) open.add(id);
        for (const id of closed) expect(open.delete(id)).toBe(true);
      }
    }),
    { numRuns: 200 },
  );
});

it("says nothing twice but to remind, or when a silence has ended", () => {
  // Who asks to be told later may hear again what was known, if what was new has closed by then.
  const answered = fc.array(fc.constantFrom<Attempt>("ok", "refused"), { maxLength: 15 });
  fc.assert(
    fc.property(steps, answered, (history, given) => {
      const { arrivals } = played(history, given).group;
      for (const [index, { reason, firing, closed }] of arrivals.entries()) {
        if (reason === "reminder" || reason === "silence_ended") continue;
        const before = knownAfter(arrivals.slice(0, index));
        const isNew = Object.entries(firing).some(
          ([id, { status, severity }]) => before.get(id) !== `${status} ${severity}`,
        );
        expect(isNew || closed.length > 0).toBe(true);
      }
    }),
    { numRuns: 300 },
  );
});

it("keeps the interval between messages, but for what is critical for the first time", () => {
  fc.assert(
    fc.property(steps, attempts, (history, given) => {
      const { arrivals } = played(history, given).group;
      for (const [index, { atMs, firing }] of arrivals.entries()) {
        const before = arrivals[index - 1];
        if (!before || atMs - before.atMs >= TIMING.groupIntervalMs) continue;
        const known = knownAfter(arrivals.slice(0, index));
        const isFirst = Object.entries(firing).some(
          ([id, { severity }]) => severity === "critical" && !known.get(id)?.endsWith("critical"),
        );
        expect(isFirst).toBe(true);
      }
    }),
    { numRuns: 300 },
  );
});

it("reminds not before the time, and not later", () => {
  fc.assert(
    fc.property(steps, (history) => {
      const { arrivals } = played(history, []).group;
      for (const [index, { atMs, reason, firing }] of arrivals.entries()) {
        if (reason !== "reminder") continue;
        const isCritical = Object.values(firing).some(({ severity }) => severity === "critical");
        const repeatMs = isCritical ? TIMING.repeatCriticalMs : TIMING.repeatMs;
        expect(atMs - (arrivals[index - 1]?.atMs ?? 0)).toBeGreaterThanOrEqual(repeatMs);
      }
    }),
    { numRuns: 300 },
  );
});

it("says nothing of what is held but that it closed", () => {
  fc.assert(
    fc.property(steps, attempts, (history, given) => {
      const { group, heldAt } = played(history, given);
      for (const { atMs, firing } of group.arrivals) {
        // An attempt takes a second; what comes meanwhile, or as it begins, cannot call it back.
        const begunMs = atMs - 1_000;
        const before = heldAt.findLast((each) => each.atMs < begunMs);
        const states = [before, ...heldAt.filter((each) => each.atMs === begunMs)];
        const wasHeld = (id: string) => states.every((each) => each?.held.has(id));
        for (const id of Object.keys(firing)) expect(wasHeld(id)).toBe(false);
      }
    }),
    { numRuns: 300 },
  );
});

it("has told of all that is open and not held, once the time for it has come", () => {
  fc.assert(
    fc.property(steps, (history) => {
      const { open, known } = played(history, []);
      const missing = open.filter(({ id }) => !known.has(id));
      expect(missing).toEqual([]);
    }),
    { numRuns: 300 },
  );
});
