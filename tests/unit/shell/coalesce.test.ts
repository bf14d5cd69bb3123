import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { coalesce } from "@/components/shell/coalesce";

beforeEach(() => void vi.useFakeTimers({ now: 0 }));
afterEach(() => void vi.useRealTimers());

/** Work that takes so long, and the instants at which it began. */
function slow(takesMs: number) {
  const began: number[] = [];
  const work = async () => {
    began.push(Date.now());
    await new Promise((done) => setTimeout(done, takesMs));
  };
  return { began, work };
}

const at = async (ms: number, act: () => void) => {
  await vi.advanceTimersByTimeAsync(ms - Date.now());
  act();
};

it("works at once, and gathers what is asked for while it works and rests", async () => {
  const { began, work } = slow(300);
  const { ask } = coalesce(work, 1_000);
  await at(100, ask);
  await at(150, ask);
  await at(350, ask);
  await at(900, ask);
  await at(5_000, ask);
  await at(9_000, () => {});
  expect(began).toEqual([100, 1_400, 5_000]);
});

it("does soon what can wait, and sooner when it cannot", async () => {
  const { began, work } = slow(0);
  const { ask } = coalesce(work, 1_000);
  await at(0, () => ask(2_000));
  await at(2_500, () => ask(2_000));
  await at(3_500, () => ask());
  await at(9_000, () => {});
  expect(began).toEqual([2_000, 3_500]);
});

it("goes on after a failure, and not after it was stopped", async () => {
  const began: number[] = [];
  const { ask, stop } = coalesce(async () => {
    began.push(Date.now());
    throw new Error("no answer");
  }, 100);
  await at(0, ask);
  await at(200, ask);
  await at(250, ask);
  await at(260, stop);
  await at(900, ask);
  await at(2_000, () => {});
  expect(began).toEqual([0, 200]);
});
