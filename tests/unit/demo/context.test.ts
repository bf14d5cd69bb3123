import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { addText, type Context, compact, createContext, sendPrompt } from "@/lib/demo/context";

const MINUTE_US = 60_000_000;
const START_US = 1_795_188_000_000_000;
const at = (minutes: number) => ({ atUs: START_US + minutes * MINUTE_US, tail: 10, output: 50 });

function sonnet(plan: Context["plan"]): Context {
  return createContext(plan, 5_000, "claude-sonnet-5-5");
}

describe("prompt caching", () => {
  it("writes first, then reads what it wrote and writes what is new", () => {
    const context = sonnet("5m");
    expect(sendPrompt(context, at(0))).toMatchObject({ input: 10, write5m: 5_000, cacheRead: 0 });
    addText(context, 370);
    expect(sendPrompt(context, at(1))).toMatchObject({ write5m: 100, cacheRead: 5_000 });
    expect(sendPrompt(context, at(2))).toMatchObject({ write5m: 0, cacheRead: 5_100 });
  });

  it("writes everything again after five minutes, or after an hour", () => {
    const short = sonnet("5m");
    sendPrompt(short, at(0));
    expect(sendPrompt(short, at(5.01))).toMatchObject({ write5m: 5_000, cacheRead: 0 });
    const long = sonnet("1h");
    expect(sendPrompt(long, at(0))).toMatchObject({ write1h: 5_000, write5m: 0 });
    expect(sendPrompt(long, at(59))).toMatchObject({ write1h: 0, cacheRead: 5_000 });
    expect(sendPrompt(long, at(120))).toMatchObject({ write1h: 5_000, cacheRead: 0 });
  });

  it("keeps the prefix for an hour and the conversation for five minutes where mixed", () => {
    const context = sonnet("mixed");
    addText(context, 3_700);
    expect(sendPrompt(context, at(0))).toMatchObject({ write1h: 5_000, write5m: 1_000 });
    expect(sendPrompt(context, at(20))).toMatchObject({ write5m: 1_000, cacheRead: 5_000 });
  });

  it("does not cache short prompts, nor at all where it is off", () => {
    const short = createContext("5m", 3_000, "claude-haiku-4-5");
    expect(sendPrompt(short, at(0))).toMatchObject({ input: 3_010, write5m: 0, cacheRead: 0 });
    addText(short, 4_400);
    expect(sendPrompt(short, at(1))).toMatchObject({ input: 10, write5m: 4_190 });
    const off = sonnet("off");
    expect(sendPrompt(off, at(0))).toMatchObject({ input: 5_010, write5m: 0, cacheRead: 0 });
  });

  it("reads the prefix only after a compaction", () => {
    const context = sonnet("5m");
    addText(context, 37_000);
    sendPrompt(context, at(0));
    compact(context, 700);
    expect(sendPrompt(context, at(1))).toMatchObject({ write5m: 700, cacheRead: 5_000 });
  });

  it("never loses a token: read, written and uncached are the prompt", () => {
    const plan = fc.constantFrom<Context["plan"]>("off", "5m", "1h", "mixed");
    const step = fc.record({
      minutes: fc.integer({ min: 0, max: 90 }),
      chars: fc.integer({ min: 0, max: 30_000 }),
      compacts: fc.boolean(),
    });
    fc.assert(
      fc.property(plan, fc.array(step, { maxLength: 30 }), (cache, steps) => {
        const context = createContext(cache, 2_000, "claude-opus-5-5");
        let minutes = 0;
        for (const { chars, compacts, ...pause } of steps) {
          minutes += pause.minutes;
          if (compacts) compact(context, 500);
          addText(context, chars);
          const prompt = context.prefixTokens + context.historyTokens;
          const { input, cacheRead, write5m, write1h } = sendPrompt(context, at(minutes));
          expect(input + cacheRead + write5m + write1h).toBe(prompt + 10);
          expect(Math.min(input, cacheRead, write5m, write1h)).toBeGreaterThanOrEqual(0);
        }
      }),
    );
  });
});
