import { describe, expect, it } from "vitest";
import { MINUTE, Receiver, TIMING } from "./receiver";

const SECOND = 1_000;
/** Messages arrive a second after they are decided. */
const told = ({ arrivals }: Receiver) =>
  arrivals.map(
    ({ atMs, reason, firing, closed }) =>
      `${(atMs - SECOND) / MINUTE} ${reason}${[...Object.keys(firing).map((id) => ` ${id}+`), ...closed.map((id) => ` ${id}-`)].join("")}`,
  );

/** What happens at which minute, and then nothing until the end. */
function play(
  receiver: Receiver,
  happenings: [minute: number, happen: () => void][],
  untilMinute: number,
): string[] {
  for (const [minute, happen] of happenings) {
    receiver.runTo(minute * MINUTE);
    happen();
  }
  receiver.runTo(untilMinute * MINUTE);
  return told(receiver);
}

const closed = { status: "closed" } as const;

describe("Alertmanager's behaviour, and where ours differs (§6.5, §7)", () => {
  // group_wait 1, group_interval 5, repeat_interval 19, in minutes. Its messages go out at ticks of
  // the interval, ours at the interval after the last one; arrival takes a second.
  const timing = {
    groupWaitMs: MINUTE,
    groupIntervalMs: 5 * MINUTE,
    repeatCriticalMs: 19 * MINUTE,
    repeatMs: 19 * MINUTE,
  };

  it("S32: the repeat is inclusive and in the same tick; the rest is the same", () => {
    const group = new Receiver(timing);
    const found = play(
      group,
      [
        [0, () => group.open("A")],
        [0.5, () => group.open("B")],
        [3, () => group.open("C")],
        [8, () => group.change("B", closed)],
        [33, () => group.change("A", closed)],
        [33.2, () => group.change("C", closed)],
        [40, () => group.open("D")],
      ],
      45,
    );
    const seconds = found.map((line) =>
      line.replace(/^[\d.]+/, (at) => String(Math.floor(Number(at)))),
    );
    expect(seconds).toEqual([
      "1 opened A+ B+",
      "6 more_opened A+ B+ C+",
      "11 some_closed A+ C+ B-",
      // Alertmanager: 31, the first of its ticks strictly later than 11 + 19.
      "30 reminder A+ C+",
      // Alertmanager: 36, its next tick.
      "35 closed A- C-",
      "41 opened D+",
    ]);
  });

  it("S36: a silence's end is told of, and what reminds counts from there", () => {
    const group = new Receiver(timing);
    const found = play(
      group,
      [
        [0, () => group.open("A")],
        [2, () => group.change("A", { held: "silence" })],
        [12, () => group.change("A", { held: null })],
      ],
      45,
    );
    expect(found.map((line) => line.replace(/^([\d]+)\.\d+/, "$1"))).toEqual([
      "1 opened A+",
      // Alertmanager: nothing here, and repeats at 21 and 41.
      "12 silence_ended A+",
      "31 reminder A+",
    ]);
  });

  it("closes what was told of, also under a silence", () => {
    const group = new Receiver();
    const found = play(
      group,
      [
        [0, () => group.open("A")],
        [2, () => group.change("A", { held: "silence" })],
        [3, () => group.change("A", closed)],
      ],
      20,
    );
    expect(found).toEqual(["0.5 opened A+", expect.stringMatching(/^5\.5\d* closed A-$/)]);
  });
});

describe("timers", () => {
  it("tell of critical ones at once, and again after an hour to the second", () => {
    const group = new Receiver();
    group.open("A", { severity: "critical" });
    group.runTo(62 * MINUTE);
    expect(group.arrivals.map(({ atMs, reason }) => [atMs, reason])).toEqual([
      [SECOND, "opened"],
      [60 * MINUTE + 2 * SECOND, "reminder"],
    ]);
  });

  it("do not make a critical one wait for the interval", () => {
    const group = new Receiver();
    const found = play(
      group,
      [
        [0, () => group.open("A")],
        [1, () => group.open("B", { severity: "critical" })],
        [2, () => group.change("A", { severity: "critical" })],
        [3, () => group.open("C")],
      ],
      8,
    );
    expect(found).toEqual([
      "0.5 opened A+",
      "1 more_opened A+ B+",
      "2 escalated A+ B+",
      expect.stringMatching(/^7\.\d+ more_opened A\+ B\+ C\+$/),
    ]);
  });

  it("remind nobody where the repeat is 0", () => {
    const group = new Receiver({ ...TIMING, repeatMs: 0 });
    group.open("A");
    group.runTo(10_000 * MINUTE);
    expect(told(group)).toEqual(["0.5 opened A+"]);
  });

  it("count what opened long ago as having waited", () => {
    const group = new Receiver();
    group.runTo(10 * MINUTE);
    group.open("A", { openedMs: 0, late: true });
    group.runTo(11 * MINUTE);
    expect(told(group)).toEqual(["10 late A+"]);
  });
});

describe("what is said", () => {
  it("of what closed before anybody was told: nothing", () => {
    const group = new Receiver();
    const found = play(
      group,
      [
        [0, () => group.open("A")],
        [0.4, () => group.change("A", closed)],
      ],
      60,
    );
    expect(found).toEqual([]);
    expect([...group.members.keys()]).toEqual([]);
  });

  it("of what opened under a silence: nothing before it ends, and then once", () => {
    const group = new Receiver();
    const found = play(
      group,
      [
        [0, () => group.open("A", { held: "silence" })],
        [60, () => group.change("A", { held: null })],
        [120, () => group.change("A", { held: "silence" })],
        [130, () => group.change("A", closed)],
      ],
      200,
    );
    expect(found).toEqual(["60 silence_ended A+", "130 closed A-"]);
  });

  it.each(["mute", "inhibited", "left"] as const)(
    "of what is held by %s: its close alone",
    (held) => {
      const group = new Receiver();
      const found = play(
        group,
        [
          [0, () => group.open("A")],
          [10, () => group.change("A", { held })],
          [2_000, () => group.change("A", { held: null })],
          [2_001, () => group.change("A", { held })],
          [2_010, () => group.change("A", closed)],
        ],
        3_000,
      );
      // Its reminder had been due for long when nothing held it any more.
      expect(found.map((line) => line.split(" ").slice(1).join(" "))).toEqual([
        "opened A+",
        "reminder A+",
        "closed A-",
      ]);
    },
  );

  it("of what is acknowledged: no reminder, until it worsens", () => {
    const group = new Receiver();
    const found = play(
      group,
      [
        [0, () => group.open("A")],
        [10, () => group.change("A", { acknowledged: true })],
        [3_000, () => group.change("A", { severity: "high", acknowledged: false })],
        [3_010, () => group.change("A", { acknowledged: true })],
        [9_000, () => group.change("A", closed)],
      ],
      10_000,
    );
    expect(found).toEqual(["0.5 opened A+", "3000 escalated A+", "9000 closed A-"]);
  });

  it("of a milder severity: nothing, until something else is told", () => {
    const group = new Receiver();
    const found = play(
      group,
      [
        [0, () => group.open("A", { severity: "high" })],
        [10, () => group.change("A", { severity: "warning" })],
        [20, () => group.change("A", { severity: "high" })],
        [30, () => group.change("A", { status: "no_data" })],
        [40, () => group.change("A", { status: "firing" })],
      ],
      60,
    );
    expect(found).toEqual(["0.5 opened A+", "30 no_data A+", "40 more_opened A+"]);
  });

  it("of one that opens and closes again and again: one message, and one when it rests", () => {
    const group = new Receiver();
    const damped = { alert: "A", flapping: true };
    const found = play(
      group,
      [
        [0, () => group.open("A1", { alert: "A" })],
        [6, () => group.change("A1", closed)],
        [12, () => group.open("A4", damped)],
        [14, () => group.change("A4", closed)],
        [16, () => group.open("A5", damped)],
        [17, () => group.open("B")],
        [18, () => group.change("A5", closed)],
        [20, () => group.open("A6", damped)],
        [40, () => group.change("A6", { flapping: false })],
        [60, () => group.change("A6", closed)],
      ],
      90,
    );
    expect(found.map((line) => line.replace(/\.\d+/, ""))).toEqual([
      "0 opened A1+",
      "6 closed A1-",
      "12 flapping A4+",
      "17 opened B+",
      "40 flapping_ended B+ A6+ A4-",
      "60 some_closed B+ A6-",
    ]);
  });

  it("of one that rests closed: that it does", () => {
    const group = new Receiver();
    const damped = { alert: "A", flapping: true };
    const found = play(
      group,
      [
        [0, () => group.open("A4", damped)],
        [2, () => group.change("A4", closed)],
        [16, () => group.open("A5", damped)],
        [18, () => group.change("A5", closed)],
        [40, () => group.open("A5", { ...damped, ...closed, flapping: false })],
      ],
      90,
    );
    expect(found).toEqual(["0.5 flapping A4+", "40 flapping_ended A4-"]);
    expect([...group.members.keys()]).toEqual([]);
  });

  it("to those who are told only of what nobody acknowledged", () => {
    const group = new Receiver(TIMING, { isEscalation: true });
    group.runTo(20 * MINUTE);
    const found = play(
      group,
      [
        [20, () => group.open("A", { openedMs: 0 })],
        [30, () => group.change("A", { held: "left" })],
        [50, () => group.change("A", closed)],
      ],
      60,
    );
    expect(found).toEqual(["20 escalated A+", "50 closed A-"]);
  });

  it("to channels that do not care for closes: none", () => {
    const group = new Receiver(TIMING, { sendsCloses: false });
    const found = play(
      group,
      [
        [0, () => group.open("A")],
        [10, () => group.change("A", closed)],
        [20, () => group.open("A2")],
      ],
      60,
    );
    expect(found).toEqual(["0.5 opened A+", "20.5 opened A2+"]);
  });
});

describe("messages that do not arrive", () => {
  it("are replaced by what is true by then", () => {
    const group = new Receiver();
    group.attempts = Array(30).fill("later");
    const found = play(
      group,
      [
        [0, () => group.open("A")],
        [3, () => group.open("B")],
        [4, () => group.change("A", closed)],
      ],
      60,
    );
    expect(found.map((line) => line.replace(/^[\d.]+ /, ""))).toEqual(["opened B+"]);
  });

  it("may have arrived when no answer came: their close is told", () => {
    const group = new Receiver();
    group.attempts = ["cut", "later"];
    const found = play(
      group,
      [
        [0, () => group.open("A")],
        [0.7, () => group.change("A", closed)],
      ],
      60,
    );
    expect(found.map((line) => line.replace(/^[\d.]+ /, ""))).toEqual(["opened A+", "closed A-"]);
  });

  it("are said again before long when refused, and at once when something changes", () => {
    const group = new Receiver();
    group.attempts = ["refused"];
    const found = play(
      group,
      [
        [0, () => group.open("A")],
        [100, () => group.open("B")],
      ],
      120,
    );
    expect(found).toEqual(["100 opened A+ B+"]);
    const alone = new Receiver();
    alone.attempts = ["refused"];
    alone.open("A");
    alone.runTo(1_000 * MINUTE);
    expect(told(alone)).toEqual(["240.5 opened A+"]);
  });

  it("are dropped when a silence comes over what they say", () => {
    const group = new Receiver();
    group.attempts = ["later"];
    const found = play(
      group,
      [
        [0, () => group.open("A")],
        [0.6, () => group.change("A", { held: "silence" })],
        [60, () => group.change("A", { held: null })],
      ],
      70,
    );
    expect(found).toEqual(["60 silence_ended A+"]);
  });
});
