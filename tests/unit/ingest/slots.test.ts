import { expect, it, vi } from "vitest";
import { inSharedSlot, inSlot, type Way } from "@/lib/ingest/slots";

const SLOTS = 4;
const QUEUE = 64;

/** Batches that end when they are told to; who they were is written down in the order they began in. */
function bench() {
  const began: string[] = [];
  const refused: string[] = [];
  const ends: Array<() => void> = [];
  const send = (sender: string) => take(sender, { sender, connectionId: "" });
  const read = (connectionId: string) => take(connectionId, { connectionId });
  const take = (sender: string, from: { sender?: string; connectionId: string }) =>
    inSlot(from, () => {
      began.push(sender);
      return new Promise<void>((end) => ends.push(end));
    }).catch((error: { code: string; retryAfterSeconds: number }) => {
      expect([error.code, error.retryAfterSeconds]).toEqual(["rate_limited", 1]);
      refused.push(sender);
    });
  const settle = () => new Promise((done) => setImmediate(done));
  const endAll = async () => {
    for (let end = ends.shift(); end; end = ends.shift()) {
      end();
      await settle();
    }
  };
  return { began, refused, send, read, settle, endAll };
}

it("lets senders take turns, however many batches one of them has waiting", async () => {
  const { began, send, settle, endAll } = bench();
  for (let i = 0; i < SLOTS + 6; i++) void send("greedy");
  void send("modest");
  void send("other");
  await settle();
  expect(began).toEqual(Array(SLOTS).fill("greedy"));
  await endAll();
  expect(began.slice(SLOTS)).toEqual(["greedy", "modest", "other", ...Array(5).fill("greedy")]);
});

it("refuses whoever waits with most when the queue is full, not who comes with little", async () => {
  const { began, refused, send, settle, endAll } = bench();
  for (let i = 0; i < SLOTS + QUEUE; i++) void send("greedy");
  await settle();
  expect(refused).toEqual([]);
  void send("greedy");
  await settle();
  expect(refused).toEqual(["greedy"]);
  for (let i = 0; i < 10; i++) void send(`modest ${i}`);
  await settle();
  expect(refused).toEqual(Array(11).fill("greedy"));
  await endAll();
  expect(began.filter((sender) => sender.startsWith("modest"))).toHaveLength(10);
  expect(began).toHaveLength(SLOTS + QUEUE);
});

it("shares a full queue evenly, and is empty afterwards", async () => {
  const { began, refused, send, settle, endAll } = bench();
  for (let i = 0; i < SLOTS + QUEUE; i++) void send("one");
  for (let i = 0; i < QUEUE; i++) void send("two");
  await settle();
  expect(refused.filter((sender) => sender === "one")).toHaveLength(QUEUE / 2);
  await endAll();
  expect(began.filter((sender) => sender === "two")).toHaveLength(QUEUE / 2);
  void send("three");
  await settle();
  expect(began.at(-1)).toBe("three");
  await endAll();
});

it("refuses what has waited too long, and keeps nothing of it", async () => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  try {
    const { began, refused, send, read, settle, endAll } = bench();
    for (let i = 0; i < SLOTS + 3; i++) void send("slow");
    void read("conn_a");
    await settle();
    vi.advanceTimersByTime(14_999);
    await settle();
    expect(refused).toEqual([]);
    vi.advanceTimersByTime(1);
    await settle();
    expect(refused).toEqual(["slow", "slow", "slow"]);
    await endAll();
    // What is read of a connection waits as long as it takes.
    expect(began).toEqual([...Array(SLOTS).fill("slow"), "conn_a"]);
  } finally {
    vi.useRealTimers();
  }
});

it("gives the slot back when the work fails", async () => {
  for (let i = 0; i < SLOTS * 3; i++)
    await expect(
      inSlot({ connectionId: "a" }, () => Promise.reject(new Error("broken"))),
    ).rejects.toThrow("broken");
  expect(await inSlot({ connectionId: "a" }, async () => "works")).toBe("works");
});

/** Loads are letters; those of one case are written together. What is written is its load, doubled. */
function convoys(fault: (loads: readonly string[]) => Error | null = () => null) {
  const written: string[] = [];
  const ends: Array<() => void> = [];
  const isUpper = (load: string) => load === load.toUpperCase();
  const way: Way<string, string> = {
    fits: (load, others) =>
      others.length < 5 && others.every((other) => isUpper(other) === isUpper(load)),
    write: async (loads) => {
      written.push(loads.join(""));
      if (written.length <= SLOTS) await new Promise<void>((end) => ends.push(end));
      const error = fault(loads);
      if (error) throw error;
      return loads.map((load) => load + load);
    },
  };
  const send = (load: string, sender = load) =>
    inSharedSlot({ sender, connectionId: "" }, load, way).catch((error: Error) => error.message);
  const fill = () => Array.from({ length: SLOTS }, () => send("-"));
  const endAll = () => {
    for (const end of ends) end();
  };
  return { written, send, fill, endAll };
}

it("writes together what waits and fits, in the order of turns, and tells each what became of its own", async () => {
  const { written, send, fill, endAll } = convoys();
  const busy = fill();
  const sent = ["A", "a", "B", "b", "C"].map((load) => send(load));
  const more = [..."DEFG"].map((load) => send(load, "greedy"));
  endAll();
  expect(await Promise.all([...sent, ...more])).toEqual([
    "AA",
    "aa",
    "BB",
    "bb",
    "CC",
    "DD",
    "EE",
    "FF",
    "GG",
  ]);
  await Promise.all(busy);
  expect(written.slice(SLOTS)).toEqual(["ABCDE", "ab", "FG"]);
  expect(await send("Z")).toBe("ZZ");
});

it("writes each by itself when they fail together: only the one at fault is told of it", async () => {
  const { written, send, fill, endAll } = convoys((loads) =>
    loads.includes("B") ? new Error("bad B") : null,
  );
  const busy = fill();
  const sent = [..."ABC"].map((load) => send(load));
  endAll();
  expect(await Promise.all(sent)).toEqual(["AA", "bad B", "CC"]);
  await Promise.all(busy);
  expect(written.slice(SLOTS)).toEqual(["ABC", "A", "B", "C"]);
});

it("tells all of them when it is the database that fails", async () => {
  const away = Object.assign(new Error("gone"), { code: "ECONNREFUSED" });
  const { written, send, fill, endAll } = convoys(([first]) => (first === "-" ? null : away));
  const busy = fill();
  const sent = [..."ABC"].map((load) => send(load));
  endAll();
  expect(await Promise.all(sent)).toEqual(["gone", "gone", "gone"]);
  await Promise.all(busy);
  expect(written.slice(SLOTS)).toEqual(["ABC"]);
});

it("forgets the patience of what was taken along, however long that takes", async () => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  try {
    const held: Array<() => void> = [];
    const way: Way<string, string> = {
      fits: () => true,
      write: async (loads) => {
        await new Promise<void>((end) => held.push(end));
        return loads;
      },
    };
    const send = (load: string) => inSharedSlot({ sender: load, connectionId: "" }, load, way);
    const sent = [..."----AB"].map(send);
    held.shift()?.();
    await vi.waitFor(() => expect(held).toHaveLength(SLOTS));
    vi.advanceTimersByTime(60_000);
    for (const end of held) end();
    expect(await Promise.all(sent)).toEqual([..."----AB"]);
    // Nor does its place in the queue become free twice.
    const { refused, send: sendOne, settle, endAll } = bench();
    for (let i = 0; i < SLOTS + QUEUE + 1; i++) void sendOne("greedy");
    await settle();
    expect(refused).toEqual(["greedy"]);
    await endAll();
  } finally {
    vi.useRealTimers();
  }
});
